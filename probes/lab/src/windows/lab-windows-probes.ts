// The probes of the lab's Windows: the same as helper.ps1, by Node's sockets, the kernel's ping sockets and its neighbours.

import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { ProbeOutcome } from "../../../../src/schema/events/probe.ts";
import type { System } from "../../../system.ts";
import type { HelperAnswer, HelperQuestion } from "../../../windows/helper-protocol.ts";
import { messageOf } from "../error.ts";
import { askServer } from "../programs/lab-host-probes.ts";

export interface WindowsSettings {
  /** In the order in which Windows queries them. */
  readonly servers: readonly string[];
}

export type Echo = Omit<QuestionOf<"echo">, "ask">;

/** What it has of the product: it runs in another process than the trace. */
export interface WindowsPort {
  readonly system: Pick<System, "run">;
  /** Sends one echo request and waits for what comes of it; undefined where it was not sent. */
  sendEcho(echo: Echo): Promise<ProbeOutcome | undefined>;
}

type Answer = Partial<HelperAnswer>;

export async function answerAsWindows(
  question: HelperQuestion,
  settings: WindowsSettings,
  { system, sendEcho }: WindowsPort,
): Promise<Answer> {
  switch (question.ask) {
    case "hello":
      return { version: 3, languageMode: "FullLanguage", elevated: false };
    case "resolve":
      return resolve(question, settings);
    case "connect": {
      const socket = await open(question);
      if ("destroy" in socket) socket.destroy();
      return "destroy" in socket ? {} : socket;
    }
    case "tls":
      return shakeHands(question);
    case "echo":
      return { by: "class", ...echoResult(await sendEcho(question)) };
    case "neighbour":
      return neighbour(system, question.address);
    case "watch":
    case "counters":
    case "unwatch":
      return { ok: false, error: "the lab's Windows has no pktmon" };
  }
}

type QuestionOf<A extends HelperQuestion["ask"]> = Extract<HelperQuestion, { readonly ask: A }>;

async function resolve(
  { name, type, server }: QuestionOf<"resolve">,
  { servers }: WindowsSettings,
): Promise<Answer> {
  for (const one of server === undefined ? servers : [server]) {
    const addresses = await askServer(one, name, type);
    if (addresses === null) continue;
    if (addresses.length > 0) return { addresses: [...addresses] };
    return { ok: false, error: `${name} : DNS name does not exist` };
  }
  return {
    ok: false,
    error: `${name} : This operation returned because the timeout period expired`,
  };
}

/** The names that .NET has for the same errors. */
const CODES: Readonly<Record<string, string>> = {
  ECONNREFUSED: "ConnectionRefused",
  EHOSTUNREACH: "HostUnreachable",
  ENETUNREACH: "NetworkUnreachable",
  EACCES: "AccessDenied",
  EPERM: "AccessDenied",
  ETIMEDOUT: "TimedOut",
};

function failure(error: unknown): Answer {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return { ok: false, error: messageOf(error), code: CODES[code] ?? null };
}

const TIMED_OUT: Answer = { ok: false, error: "no answer in time", code: "TimedOut" };

function open({
  address,
  port,
  timeoutMs,
}: Omit<QuestionOf<"connect">, "ask">): Promise<Socket | Answer> {
  return new Promise((done) => {
    const socket = connect({ host: address, port, timeout: timeoutMs });
    const end = (reported: Socket | Answer) => {
      socket.removeAllListeners("timeout");
      if (!("destroy" in reported)) socket.destroy();
      done(reported);
    };
    socket.once("connect", () => end(socket));
    socket.once("timeout", () => end(TIMED_OUT));
    socket.once("error", (error) => end(failure(error)));
  });
}

async function shakeHands(question: QuestionOf<"tls">): Promise<Answer> {
  const socket = await open(question);
  if (!("destroy" in socket)) return socket;
  const secure = connectTls({ socket, servername: question.name, rejectUnauthorized: false });
  try {
    return await new Promise<Answer>((done) => {
      secure.setTimeout(question.timeoutMs, () => done(TIMED_OUT));
      secure.once("error", (error) => done(failure(error)));
      secure.once("secureConnect", () => done({ protocol: secure.getProtocol(), trusted: false }));
    });
  } finally {
    secure.destroy();
  }
}

function echoResult(outcome: ProbeOutcome | undefined): Answer {
  switch (outcome?.kind) {
    case "reply":
      return { status: "reply", from: outcome.from };
    case "time-exceeded":
      return { status: "ttl-expired", from: outcome.from };
    case "too-big":
      return { status: "too-big", from: outcome.from };
    case "unreachable":
      return { status: "unreachable", from: outcome.from };
    case "send-failed":
      return outcome.error === "EMSGSIZE"
        ? { status: "too-big", from: null }
        : { status: "unreachable", from: null, detail: outcome.error };
    default:
      return { status: "no-reply", from: null };
  }
}

/** Windows' states by the kernel's (ip-neighbour(8), MSFT_NetNeighbor). */
const STATES: Readonly<Record<string, string>> = {
  REACHABLE: "Reachable",
  STALE: "Stale",
  DELAY: "Delay",
  PROBE: "Probe",
  FAILED: "Unreachable",
  INCOMPLETE: "Incomplete",
};

async function neighbour({ run }: WindowsPort["system"], address: string): Promise<Answer> {
  const { stdout } = await run("ip", ["neigh", "show", address]);
  const states = stdout
    .split("\n")
    .flatMap((line) => STATES[line.trim().split(" ").at(-1) ?? ""] ?? []);
  if (states.length > 0) return { states };
  return { ok: false, error: "No matching MSFT_NetNeighbor objects found" };
}
