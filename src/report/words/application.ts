// What the rules about attempts that connect and fail say.

import { duration } from "../duration.ts";
import type { AreaSentences } from "./sentence.ts";
import { formatCandidate, formatCure, OPTIONS } from "./tcp-options.ts";

const SENT = { connect: "the SYN", tls: "the ClientHello", http: "the request" } as const;
export const SIZE_UNKNOWN = "whether the missing answer depends on size is not known";
const CUT_SHORT =
  "no longer was waited than --timeout says, or than this server took for what it answered";
const STAGES = {
  connect: "the connection request",
  tls: "the TLS handshake",
  http: "the request",
} as const;

const CHANGES = {
  timestamps: "without timestamps",
  windowScaling: "without window scaling",
  sack: "without selective acknowledgements",
  ecn: "without ECN",
  smallSegments: "in segments of 536 bytes",
} as const;

const BYTES_PER_KB = 1000;

function formatKb(bytes: number): string {
  return bytes < BYTES_PER_KB ? `${bytes} bytes` : `${Math.round(bytes / BYTES_PER_KB)} kB`;
}

function formatCures(
  cures: readonly (keyof typeof CHANGES)[],
  candidates: readonly (keyof typeof OPTIONS)[],
  inVain: readonly (keyof typeof CHANGES)[],
): string {
  if (cures.length > 0) {
    return `; ${cures.map((cure) => CHANGES[cure]).join(", and ")} it comes to twice as much`;
  }
  if (candidates.length === 0) {
    const tried = inVain.map((change) => CHANGES[change]).join(", ");
    return tried === "" ? "" : `; it does so ${tried} as well`;
  }
  const options = candidates.map((option) => OPTIONS[option]).join(", ");
  return `; smaller segments do not help, and what both ends use besides is ${options}`;
}

/** @param eatenBytes by the number of the next byte of whoever accepts */
function formatSilent(
  who: "anybody" | "nearer" | "eaten" | "target",
  ttl: number,
  eatenBytes: number,
): string {
  switch (who) {
    case "anybody":
      return "the server does not answer, something accepts in its place, or drops its answers";
    case "nearer":
      return `a connection with TTL ${ttl} is accepted too, which cannot come to the target: something at hop ${ttl} accepts in its place, and gives no answer or gets none itself`;
    case "eaten":
      return `the answer is on its way, ${eatenBytes} bytes by the number of the next one, and something drops it`;
    case "target":
      return "no connection with a smaller TTL is accepted, and by the number of its next byte nothing was sent: the server is silent";
  }
}

export const APPLICATION_SENTENCES = {
  "data-corrupted": {
    intact: "what arrived is what was sent",
    found: ({ stage, code, again }) =>
      `${stage === "tls" ? "the handshake" : "the answer"} fails because its bytes do not fit their checks (${code})${again ? ", and so does another connection" : ", in one connection"}: something on the path changes data, which no retransmission repairs`,
  },
  "server-refuses": {
    notRefused: "nothing refuses it",
    found: ({ address, port, host, by, words }) =>
      `${address} answers ${by === "alert" ? `the ClientHello for ${host} with the TLS alert` : `on port ${port} with`} "${words}": the path carries both, and the server, or what answers for it, will not go on`,
  },
  "tls-not-spoken": {
    noOther: "no other protocol answers",
    found: ({ address, port }) =>
      `${address} answers the ClientHello on port ${port}, and not in TLS: another service listens there, or something answers in its place`,
  },
  "connection-closed": {
    notEnded: "nobody ended the connection",
    otherAnswered: "a ClientHello with another name is answered",
    found: ({ address, port, stage, reset, names }) =>
      `${address} accepts the connection to port ${port} and ${reset ? "resets it" : "closes it without an answer"} behind ${SENT[stage]}${names.length === 0 ? "" : `, and does so for ${names.join(", ")} too`}`,
  },
  "server-silent": {
    answered: "something answers",
    notAccepted: "no connection was accepted",
    cutShort: CUT_SHORT,
    smallerAnswered: "the same request is answered when a smaller MSS is offered",
    unacknowledged: "the request itself was not acknowledged",
    sizeUnknown: SIZE_UNKNOWN,
    tryInWindows:
      "Try the same from Windows: an answer there means that something on this machine accepts in the server's place, else the server or its network is silent",
    found: ({ address, port, stage, names, who, ttl, eatenBytes }) =>
      `${address} accepts connections on port ${port} and acknowledges ${SENT[stage]}, and no byte comes back, at any size${names.length > 1 ? ` and whether for ${names.join(" or ")}` : ""}: ${formatSilent(who, ttl, eatenBytes)}`,
  },
  "transfer-stalls": {
    notRead: "no long answer was read",
    goesOn: "a long answer comes without a stop",
    once: ({ address, port, bytes, how, tried }) =>
      `the answer of ${address} port ${port} ${how} after ${formatKb(bytes)}, and ${tried ? "does not the second time" : "there was no time to see whether it does so again"}`,
    program: ({ program, address, port, bytes, silentMs }) =>
      `the answer of ${address} port ${port} to ${program} stopped after ${formatKb(bytes)}, nothing moved for ${duration(silentMs)}, and the other end acknowledges nothing of that connection any more, while a new one is answered`,
    upload: ({ address, port, bytes, againBytes }) =>
      `what is sent to ${address} port ${port} is acknowledged up to ${formatKb(bytes)}${againBytes === null ? ", and the second time further" : `, a second time up to ${formatKb(againBytes)}`}; from there on every repetition stays unanswered, while long answers come`,
    pathLoses: ({ lost, sent }) =>
      `the path loses ${lost} of ${sent} connection requests, and a transfer over it may stop for that alone`,
    switchOff: ({ option }) => formatCandidate(option),
    cure: ({ option }) => formatCure(option),
    found: ({ address, port, bytes, againBytes, how, answered, cures, candidates, inVain }) =>
      `the answer of ${address} port ${port} begins well and ${how} after ${formatKb(bytes)}, a second time after ${formatKb(againBytes)}${how !== "stops" ? "" : answered ? "; the server still acknowledges what it is sent, and sends no more" : "; then nothing of the connection is answered any more, while a new one is"}${formatCures(cures, candidates, inVain)}`,
  },
  "attempt-failed": {
    cutShort: CUT_SHORT,
    answered: "the attempt got its answer",
    found: ({ kind, stage, waitedMs, reset, code }) => {
      const how = {
        silent: `gets no answer in ${waitedMs} ms`,
        closed: `is answered by ${reset ? "a reset" : "the end of the connection"}`,
        error: `fails (${code})`,
        corrupted: `fails (${code})`,
        refused: "is refused",
        "not-tls": "is answered in another protocol",
        "not-spoken": "gets no answer",
        answered: "fails",
        none: "fails",
      }[kind];
      return `${STAGES[stage]} ${how}; nothing that was seen says why`;
    },
  },
} satisfies AreaSentences<"application">;
