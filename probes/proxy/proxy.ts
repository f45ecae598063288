// The request once more on the other way: directly where programs take a proxy, through Windows' proxy where nothing else connects.

import net from "node:net";
import type { Duplex } from "node:stream";
import tls from "node:tls";
import type { ChosenProxy } from "../../src/facts/connection/proxy.ts";
import type { ProbeContext } from "../../src/probe.ts";
import { CLOSED_UNANSWERED, noAddressOf, noAnswerIn } from "../../src/schema/constants.ts";
import type { Target } from "../../src/schema/events/run.ts";
import type { ProxyAttempt } from "../../src/schema/events/web.ts";
import { familyOf } from "../native/sockaddr.ts";
import type { ConnectStream } from "../native/streams.ts";
import { errorCode } from "../tcp/tls-certificate.ts";
import { type LookupDeps, lookupAddress } from "./lookup.ts";
import { authority, connectRequest, NOT_HTTP } from "./request.ts";
import { windowsProxyUnlessConnected } from "./windows-proxy.ts";

export interface ProxyDeps extends LookupDeps {
  readonly connectStream: ConnectStream;
  readonly userAgent: string;
  readonly secureContext: () => tls.SecureContext;
}

type Step = ProxyAttempt["steps"][number];

/** What a step may take: a proxy looks the name up and connects before it answers. */
const STEP_MS = 3000;
const MAX_STATUS_BYTES = 16_384;

/**
 * Where the default attempt goes through a proxy: sends the request directly. Where the environment names none and
 * connecting fails: sends it through the proxy of Windows' programs.
 * @param connected settles when it is known whether the default attempt got its connection
 */
export function createProxyProbe(
  deps: ProxyDeps,
): (context: ProbeContext, connected: Promise<void>) => Promise<void> {
  return async (context, connected) => {
    const { run, proxy, requested } = context.path();
    const target = requested ?? run?.target;
    if (target?.scheme !== "https" && target?.scheme !== "http") return;
    if (requested !== null) {
      await goDirectly(deps, context, requested);
      return;
    }
    // One of the environment that no program of it can use here.
    if (proxy !== null) return;
    const chosen = await windowsProxyUnlessConnected(context, connected, target);
    if (chosen === null || context.signal.aborted) return;
    const { credentials: _, ...reported } = chosen;
    context.emit({ kind: "proxy-config", ...reported });
    const steps: Step[] = [];
    const address = await resolve(deps, context, chosen.host, steps);
    if (address !== null) await goThrough({ deps, context, chosen, target, address, steps });
    if (!context.signal.aborted) context.emit({ kind: "proxy-attempt", address, steps });
  };
}

async function goDirectly(deps: ProxyDeps, context: ProbeContext, target: Target): Promise<void> {
  const steps: Step[] = [];
  const address = await resolve(deps, context, target.host, steps);
  if (address !== null) await goThrough({ deps, context, chosen: null, target, address, steps });
  if (!context.signal.aborted) context.emit({ kind: "direct-attempt", address, steps });
}

async function resolve(
  deps: ProxyDeps,
  context: ProbeContext,
  host: string,
  steps: Step[],
): Promise<string | null> {
  if (familyOf(host) !== undefined) return host;
  const { clock } = context;
  const startedMs = clock.now();
  const address = await lookupAddress(deps, context, host);
  const detail = address ?? noAddressOf(host);
  steps.push({ step: "resolve", ok: address !== null, detail, ms: clock.now() - startedMs });
  return address;
}

interface Journey {
  readonly deps: ProxyDeps;
  readonly context: ProbeContext;
  /** Null: directly. */
  readonly chosen: ChosenProxy | null;
  readonly target: Target;
  readonly address: string;
  readonly steps: Step[];
}

async function goThrough(journey: Journey): Promise<void> {
  const { context, chosen, target, deps } = journey;
  const socket = await connect(journey);
  if (socket === null) return;
  const streams: Duplex[] = [socket];
  // The step that waits reports an error; without a listener, one between two steps would end the program.
  socket.on("error", () => undefined);
  const stop = () => socket.destroy();
  context.signal.addEventListener("abort", stop, { once: true });
  try {
    if (target.scheme === "http") {
      const to = chosen === null ? target.path : `http://${authority(target)}${target.path}`;
      socket.write(request(journey, to));
      await step(journey, "http", socket, "data");
      return;
    }
    if (chosen !== null) {
      socket.write(connectRequest(target, deps.userAgent, null));
      if (!(await step(journey, "proxy", socket, "data"))) return;
    }
    const secure = tls.connect({
      socket,
      ...(net.isIP(target.host) === 0 ? { servername: target.host } : {}),
      rejectUnauthorized: false,
      ALPNProtocols: ["http/1.1"],
      secureContext: deps.secureContext(),
    });
    secure.on("error", () => undefined);
    streams.push(secure);
    if (!(await step(journey, "tls", secure, "secureConnect"))) return;
    secure.write(request(journey, target.path));
    await step(journey, "http", secure, "data");
  } finally {
    context.signal.removeEventListener("abort", stop);
    for (const stream of streams) stream.destroy();
  }
}

/** Null where nothing takes the connection. */
async function connect({ deps, context, chosen, target, address, steps }: Journey) {
  const { clock, signal } = context;
  const startedMs = clock.now();
  const done = (ok: boolean, detail: string) =>
    steps.push({ step: "connect", ok, detail, ms: clock.now() - startedMs });
  try {
    const limits = { clock, signal, limitMs: STEP_MS };
    const socket = await deps.connectStream(address, chosen?.port ?? target.port, limits);
    done(true, "");
    return socket;
  } catch (error) {
    const code = errorCode(error);
    done(false, code === "ETIMEDOUT" ? noAnswerIn(STEP_MS) : code);
    return null;
  }
}

type StreamEvent = "secureConnect" | "data";

/** Waits for one event of the stream; where that is data, for a whole HTTP header. */
async function step(
  journey: Journey,
  name: Step["step"],
  stream: Duplex,
  event: StreamEvent,
): Promise<boolean> {
  const read = (text: string) => readHeader(text, name);
  const { clock } = journey.context;
  const startedMs = clock.now();
  const { ok, detail } = await replyOf(stream, event, read);
  journey.steps.push({ step: name, ok, detail, ms: clock.now() - startedMs });
  return ok;
}

type Reply = Pick<Step, "ok" | "detail">;

function replyOf(
  stream: Duplex,
  event: StreamEvent,
  read: (text: string) => Reply | null,
): Promise<Reply> {
  return new Promise((resolved) => {
    let collected = "";
    const end = (result: Reply) => {
      clearTimeout(timer);
      stream.off("error", failed);
      stream.off("close", closed);
      stream.off(event, received);
      resolved(result);
    };
    const failed = (error: Error) => end({ ok: false, detail: errorCode(error) });
    const closed = () => end({ ok: false, detail: CLOSED_UNANSWERED });
    const received = (chunk?: unknown) => {
      if (event !== "data") return end({ ok: true, detail: "" });
      collected += Buffer.isBuffer(chunk) ? chunk.toString("latin1") : "";
      const answer = read(collected);
      if (answer !== null) end(answer);
    };
    const timer = setTimeout(() => {
      end({ ok: false, detail: noAnswerIn(STEP_MS) });
    }, STEP_MS);
    stream.on("error", failed);
    stream.on("close", closed);
    stream.on(event, received);
  });
}

/** Null until the header is whole. */
function readHeader(text: string, step: Step["step"]): Pick<Step, "ok" | "detail"> | null {
  const whole = /\r?\n\r?\n/.test(text) || text.length >= MAX_STATUS_BYTES;
  return whole ? readStatus(text, step) : null;
}

/** CONNECT wants a 2xx (RFC 9110 s.9.3.6); any status is an answer of the far side. */
function readStatus(text: string, step: Step["step"]): Pick<Step, "ok" | "detail"> {
  const line = text.split(/\r?\n/, 1)[0]?.slice(0, 200) ?? "";
  const status = /^HTTP\/\d(?:\.\d)? (\d{3})/.exec(line)?.[1];
  if (status === undefined) return { ok: false, detail: NOT_HTTP };
  return { ok: step !== "proxy" || status.startsWith("2"), detail: line };
}

function request({ target, deps }: Journey, to: string): string {
  return [
    `GET ${to} HTTP/1.1`,
    `Host: ${authority(target)}`,
    `User-Agent: ${deps.userAgent}`,
    "Accept: */*",
    "Connection: close",
    "",
    "",
  ].join("\r\n");
}
