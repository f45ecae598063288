// The request again through the proxy that the environment names, as a program would send it, beside the direct connection.

import net from "node:net";
import tls from "node:tls";
import {
  type ChosenProxy,
  type ProxyEnvironment,
  proxyFor,
} from "../../src/facts/connection/proxy.ts";
import type { ProbeContext } from "../../src/probe.ts";
import type { Target } from "../../src/schema/events/run.ts";
import type { ProxyAttempt } from "../../src/schema/events/web.ts";
import { askUdp } from "../dns/udp-query.ts";
import { lookupHosts } from "../linux/resolv-conf.ts";
import type { ConnectDatagram } from "../native/datagram.ts";
import { familyOf } from "../native/sockaddr.ts";
import type { System } from "../system.ts";
import { errorCode } from "../tcp/tls-certificate.ts";
import { connectTo, type Greeting, type GreetingReply, login, methodOffer } from "./greeting.ts";
import { windowsProxyUnlessConnected } from "./windows-proxy.ts";

export interface ProxyDeps {
  readonly system: System;
  readonly environment: ProxyEnvironment;
  readonly userAgent: string;
  readonly connect: ConnectDatagram;
  readonly secureContext: () => tls.SecureContext;
}

type Step = ProxyAttempt["steps"][number];

/** What a step may take: a proxy looks the name up and connects before it answers. */
const STEP_MS = 3000;
const MAX_STATUS_BYTES = 16_384;

/**
 * Reports which proxy is configured; where it applies, sends the request through it. Where the environment names none
 * and connecting fails, the proxy of Windows' programs is probed.
 * @param connected settles when it is known whether the direct connection succeeds
 */
export function createProxyProbe(
  deps: ProxyDeps,
): (context: ProbeContext, connected: Promise<void>) => Promise<void> {
  return async (context, connected) => {
    const target = context.path().run?.target;
    // These variables are for the web; what else has a proxy (git, ssh) has it from settings of its own.
    if (target?.scheme !== "https" && target?.scheme !== "http") return;
    const { scheme, host } = target;
    const chosen =
      proxyFor({ scheme, host }, deps.environment) ??
      (await windowsProxyUnlessConnected(context, connected, target));
    if (chosen === null || context.signal.aborted) return;
    const { credentials: _, ...reported } = chosen;
    context.emit({ kind: "proxy-config", ...reported });
    if (!chosen.applies || !PROBED_SCHEMES.includes(chosen.scheme)) return;
    const steps: Step[] = [];
    const address = await resolveProxy(deps, context, chosen.host, steps);
    if (address !== null) await goThrough({ deps, context, chosen, target, address, steps });
    if (!context.signal.aborted) context.emit({ kind: "proxy-attempt", address, steps });
  };
}

const PROBED_SCHEMES: readonly string[] = ["http", "https", "socks5", "socks5h"];

/** The hosts file, then the servers of resolv.conf, as for the default attempt's own name. */
async function resolveProxy(
  { system, connect }: ProxyDeps,
  context: ProbeContext,
  host: string,
  steps: Step[],
): Promise<string | null> {
  if (familyOf(host) !== undefined) return host;
  const { clock, signal } = context;
  const startedMs = clock.now();
  const options = { now: clock.now, sleep: clock.sleep, connect, signal };
  const end = (address: string | null) => {
    const detail = address ?? `${host} has no address`;
    steps.push({ step: "resolve", ok: address !== null, detail, ms: clock.now() - startedMs });
    return address;
  };
  const [known] = lookupHosts(await system.readText("/etc/hosts").catch(() => ""), host);
  if (known !== undefined) return end(known);
  for (const server of context.path().resolverConfig?.servers ?? []) {
    for (const type of ["A", "AAAA"] as const) {
      const question = { server, name: host, type };
      const { outcome } = await askUdp(question, options).result;
      if (outcome.kind === "answer" && outcome.addresses[0] !== undefined) {
        return end(outcome.addresses[0]);
      }
      if (outcome.kind !== "answer") break;
    }
  }
  return end(null);
}

interface Journey {
  readonly deps: ProxyDeps;
  readonly context: ProbeContext;
  readonly chosen: ChosenProxy;
  readonly target: Target;
  readonly address: string;
  readonly steps: Step[];
}

async function goThrough(journey: Journey): Promise<void> {
  const { context, chosen, target, address, deps } = journey;
  const socket = net.connect({ host: address, port: chosen.port });
  const streams: net.Socket[] = [socket];
  // The step that waits reports an error; without a listener, one between two steps would end the program.
  socket.on("error", () => undefined);
  const stop = () => socket.destroy();
  context.signal.addEventListener("abort", stop, { once: true });
  try {
    if (!(await step(journey, "connect", socket, "connect"))) return;
    const through = chosen.scheme === "https" ? await secured(journey, socket, streams) : socket;
    if (through === null) return;
    const socks = chosen.scheme.startsWith("socks5");
    if (socks && !(await greet(journey, through))) return;
    if (target.scheme === "http") {
      through.write(
        request(journey, socks ? target.path : `http://${authority(target)}${target.path}`),
      );
      await step(journey, "http", through, "data");
      return;
    }
    if (!socks) {
      through.write(connectRequest(journey));
      if (!(await step(journey, "proxy", through, "data"))) return;
    }
    const secure = tls.connect({
      socket: through,
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

/** TLS to the proxy itself; whose certificate that is does not matter here. */
async function secured(
  journey: Journey,
  socket: net.Socket,
  streams: net.Socket[],
): Promise<net.Socket | null> {
  const { chosen, deps } = journey;
  const secure = tls.connect({
    socket,
    ...(net.isIP(chosen.host) === 0 ? { servername: chosen.host } : {}),
    rejectUnauthorized: false,
    secureContext: deps.secureContext(),
  });
  secure.on("error", () => undefined);
  streams.push(secure);
  return (await step(journey, "proxy", secure, "secureConnect")) ? secure : null;
}

async function greet(journey: Journey, socket: net.Socket): Promise<boolean> {
  const { chosen, target } = journey;
  const offered = await exchange(journey, socket, methodOffer(chosen.credentials !== null));
  if (!offered.ok) return false;
  if (offered.wantsLogin === true) {
    const { ok } = await exchange(journey, socket, login(chosen.credentials ?? ""));
    if (!ok) return false;
  }
  return (await exchange(journey, socket, connectTo(target.host, target.port))).ok;
}

function exchange(
  journey: Journey,
  socket: net.Socket,
  { send, read }: Greeting,
): Promise<GreetingReply> {
  socket.write(send);
  return replyOf(journey, "proxy", socket, "data", (text) => read(Buffer.from(text, "latin1")));
}

type StreamEvent = "connect" | "secureConnect" | "data";

/** Waits for one event of the stream; where that is data, for a whole HTTP header. */
async function step(
  journey: Journey,
  name: Step["step"],
  stream: net.Socket,
  event: StreamEvent,
): Promise<boolean> {
  const read = (text: string) => readHeader(text, name);
  return (await replyOf(journey, name, stream, event, read)).ok;
}

async function replyOf(
  { context, steps }: Journey,
  name: Step["step"],
  stream: net.Socket,
  event: StreamEvent,
  read: (text: string) => GreetingReply | null,
): Promise<GreetingReply> {
  const { clock } = context;
  const startedMs = clock.now();
  const reply = await new Promise<GreetingReply>((resolve) => {
    let collected = "";
    const end = (result: GreetingReply) => {
      clearTimeout(timer);
      stream.off("error", failed);
      stream.off("close", closed);
      stream.off(event, received);
      resolve(result);
    };
    const failed = (error: Error) => end({ ok: false, detail: errorCode(error) });
    const closed = () => end({ ok: false, detail: "closed without an answer" });
    const received = (chunk?: unknown) => {
      if (event !== "data") return end({ ok: true, detail: "" });
      collected += Buffer.isBuffer(chunk) ? chunk.toString("latin1") : "";
      const answer = read(collected);
      if (answer !== null) end(answer);
    };
    const timer = setTimeout(() => {
      end({ ok: false, detail: `no answer in ${STEP_MS} ms` });
    }, STEP_MS);
    stream.on("error", failed);
    stream.on("close", closed);
    stream.on(event, received);
  });
  const { ok, detail } = reply;
  steps.push({ step: name, ok, detail, ms: clock.now() - startedMs });
  return reply;
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
  if (status === undefined) return { ok: false, detail: "answered, not in HTTP" };
  return { ok: step !== "proxy" || status.startsWith("2"), detail: line };
}

function authority({ host, port }: Target): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function connectRequest({ chosen, target, deps }: Journey): string {
  const to = authority(target);
  const own = [`User-Agent: ${deps.userAgent}`, ...authorization(chosen)];
  return [`CONNECT ${to} HTTP/1.1`, `Host: ${to}`, ...own, "", ""].join("\r\n");
}

function request({ chosen, target, deps }: Journey, to: string): string {
  const plain = target.scheme === "http" ? authorization(chosen) : [];
  return [
    `GET ${to} HTTP/1.1`,
    `Host: ${authority(target)}`,
    `User-Agent: ${deps.userAgent}`,
    "Accept: */*",
    "Connection: close",
    ...plain,
    "",
    "",
  ].join("\r\n");
}

/** As the URL of the variable has it; it goes to that proxy alone and into no event. */
function authorization({ credentials }: ChosenProxy): readonly string[] {
  if (credentials === null) return [];
  return [`Proxy-Authorization: Basic ${Buffer.from(credentials).toString("base64")}`];
}
