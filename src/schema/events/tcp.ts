// Events of a TCP attempt, stage by stage, with what the kernel knew of it.

import * as z from "zod";
import { SCHEMES } from "../run-choices.ts";
import { addressText, digestText, hostText, idText, timeText } from "../text-kinds.ts";
import { count, family, text } from "./common.ts";

/** The fields of TCP_INFO (linux/tcp.h); null where this kernel's struct does not reach that far. */
export const tcpInfo = z.object({
  state: count,
  retransmits: count,
  backoff: count,
  timestamps: z.boolean(),
  sndMss: count,
  rcvMss: count,
  advMss: count,
  unacked: count,
  /** Segments that arrived behind a missing one; recordings before it was kept have none. */
  sacked: count.default(0),
  rttMs: z.number(),
  pmtu: count,
  totalRetrans: count,
  bytesAcked: count.nullable(),
  bytesReceived: count.nullable(),
  segsOut: count.nullable(),
  dataSegsIn: count.nullable(),
  rcvOooPack: count.nullable(),
  /** Whether both ends agreed on ECN (TCPI_OPT_ECN); recordings before it was kept have none. */
  ecn: z.boolean().optional(),
});
export type TcpInfo = z.infer<typeof tcpInfo>;

export const tcpPurpose = z.enum([
  "default",
  "other-family",
  /** Another address of the target, of the same family. */
  "other-address",
  "mss-sweep",
  "outbound-sweep",
  /** The same address with another server name, and with the target's own once more. */
  "other-name",
  "same-name",
  /** A ClientHello of two segments, each small enough for any path. */
  "large-hello",
  /** Many requests at once, whose answers together fill segments where one does not. */
  "long-answer",
  /** As the default attempt, and without the PMTU that the kernel has cached for it. */
  "uncached",
  /** A first flight of many segments, all full or all small: whether large ones are lost alone. */
  "segment-loss",
  /** From a source port that is taken again: whether what passes depends on the port, and from which size on. */
  "size-flow",
]);
export type TcpPurpose = z.infer<typeof tcpPurpose>;
export const tcpStage = z.enum(["connect", "tls", "http"]);
export type TcpStage = z.infer<typeof tcpStage>;

const tcpStarted = z.object({
  kind: z.literal("tcp-started"),
  attempt: idText,
  purpose: tcpPurpose,
  address: addressText,
  family,
  port: count,
  /** TCP_MAXSEG set before connect, null for the kernel's own. */
  mss: count.nullable(),
  /** Bytes that the first flight is padded to, null when it fits in any segment. */
  firstFlightBytes: count.nullable(),
  /** The server name of the ClientHello where it is not the target's. */
  serverName: hostText.optional(),
  /** SO_MARK of its packets; absent where they have none. */
  mark: count.optional(),
  /** The port that it leaves from, where it was chosen to be taken again. */
  sourcePort: count.optional(),
  /** Whether it was no connection of the kernel's, which offers what its cached PMTU leaves. */
  raw: z.boolean().optional(),
});

export const tcpResult = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ok"), detail: text }),
  /** An error that the kernel or the far side reported: `code` is errno's name or TLS' own. */
  z.object({ kind: z.literal("failed"), code: text, detail: text }),
  /** Waited for and nothing came. */
  z.object({ kind: z.literal("no-reply"), waitedMs: z.number() }),
  /** The port answers, in another protocol. */
  z.object({ kind: z.literal("other-protocol"), detail: text }),
]);
export type TcpResult = z.infer<typeof tcpResult>;

const tcpStageEnded = z.object({
  kind: z.literal("tcp-stage"),
  attempt: idText,
  stage: tcpStage,
  /** Since the attempt began. */
  sinceStartMs: z.number(),
  ms: z.number(),
  result: tcpResult,
  info: tcpInfo.nullable(),
});

/** A stage that has not moved for longer than its round trips explain. It may still recover. */
const tcpStalled = z.object({
  kind: z.literal("tcp-stalled"),
  attempt: idText,
  stage: tcpStage,
  sinceStartMs: z.number(),
  /** Null where TCP_INFO is refused: then no byte was read for so long. */
  info: tcpInfo.nullable(),
});

const tcpEnded = z.object({
  kind: z.literal("tcp-ended"),
  attempt: idText,
  /** The whole answer came, or as much of it as was wanted. */
  complete: z.boolean().default(false),
  sinceStartMs: z.number(),
  info: tcpInfo.nullable(),
});

/** Why a certificate does not verify, in kinds that have different cures. */
export const certificateProblem = z.enum([
  "expired",
  "not-yet-valid",
  "wrong-name",
  /** Signed by an authority that is not known here, whether it was sent along or not. */
  "unknown-issuer",
  "self-signed",
  "other",
]);
export type CertificateProblem = z.infer<typeof certificateProblem>;

export const certificate = z.object({
  kind: z.literal("certificate"),
  attempt: idText,
  authorized: z.boolean(),
  /** OpenSSL's verify error, null when it verifies. */
  error: text.nullable(),
  /** Null when it verifies; absent in older recordings, as the next three. */
  problem: certificateProblem.nullable().optional(),
  /** Names of the subjectAltName extension. */
  names: z.array(hostText).optional(),
  /** SHA-256 of the certificate. */
  fingerprint: digestText.optional(),
  /** SHA-256 of the issuer's certificate, null when it was not sent. */
  issuerFingerprint: digestText.nullable().optional(),
  subject: hostText,
  issuer: text,
  validFrom: timeText,
  validTo: timeText,
});
export type Certificate = z.infer<typeof certificate>;

/** What came of speaking to a server in its own protocol; the web's have events of their own. */
const protocolAnswer = z.object({
  kind: z.literal("protocol-answer"),
  attempt: idText,
  /** What was spoken; on a port that says nothing of its protocol, what the server's greeting is of. */
  protocol: z.enum(SCHEMES),
  outcome: z.enum([
    /** An answer of the protocol, whatever it says of what was asked for. */
    "answered",
    /** The protocol was spoken, to refuse the connection itself. */
    "refused",
    "other-protocol",
    /** It ended, or was ended, before an answer. */
    "unfinished",
  ]),
  /** The server's first line, raw, of at most 200 characters; null when none came. */
  line: text.nullable(),
  /** Whether something that fills segments was asked for, or sent. */
  wanted: z.object({ inbound: z.boolean(), outbound: z.boolean() }),
  /**
   * IP packets in bytes. Inbound: the largest that arrived, null when none was larger than the kernel's first guess.
   * Outbound: a full-size one that was acknowledged, null when none was sent or acknowledged.
   */
  seen: z.object({ inbound: count.nullable(), outbound: count.nullable() }),
});
export type ProtocolAnswer = z.infer<typeof protocolAnswer>;

/** The Alt-Svc field of an answer (RFC 7838): where the same content is served by other protocols. */
export const altSvc = z.object({ kind: z.literal("alt-svc"), attempt: idText, value: text });
export type AltSvc = z.infer<typeof altSvc>;

/** Every kind of event above. */
export const TCP_EVENTS = [
  tcpStarted,
  tcpStageEnded,
  tcpStalled,
  tcpEnded,
  certificate,
  altSvc,
  protocolAnswer,
] as const;
