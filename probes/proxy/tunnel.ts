// Has a proxy connect a stream to the target, as programs do: TLS to the proxy itself, CONNECT, or SOCKS 5 and 4.

import net from "node:net";
import tls from "node:tls";
import { PROXY_NOT_SPOKEN, PROXY_REFUSED } from "../../src/facts/connection/attempt.ts";
import type { TcpResult } from "../../src/schema/events/tcp.ts";
import type { ProxyAnswer } from "../../src/schema/events/web.ts";
import type { Wire } from "../native/connection.ts";
import { errorCode } from "../tcp/tls-certificate.ts";
import { CLOSED_EARLY, errorResult } from "../tcp/tls-client.ts";
import {
  connectTo,
  connectTo4,
  type Greeting,
  type GreetingReply,
  login,
  methodOffer,
} from "./greeting.ts";
import { connectRequest, NOT_HTTP } from "./request.ts";

/** The proxy of an exchange; its credentials go to it alone. */
export interface ProxyHop {
  /** As the variable has it: http, https, socks5h, socks5, socks4a, socks4. */
  readonly scheme: string;
  readonly host: string;
  readonly credentials: string | null;
  /** What SOCKS is told in place of the target's name; null: the name. */
  readonly targetAddress: string | null;
}

export interface TunnelOptions {
  readonly host: string;
  readonly port: number;
  readonly userAgent: string;
  readonly secureContext: (() => tls.SecureContext) | null;
  /** Whether the request itself goes to the proxy, which then is not told to connect. */
  readonly plain: boolean;
}

export interface TunnelEvents {
  answered(answer: Pick<ProxyAnswer, "ok" | "detail">): void;
  /** Nothing listens to the stream any more. */
  open(stream: Wire): void;
  failed(result: TcpResult): void;
}

/** Calls `open` or `failed` once. */
export function openTunnel(
  socket: Wire,
  hop: ProxyHop,
  options: TunnelOptions,
  events: TunnelEvents,
): void {
  if (hop.scheme !== "https") {
    speak(socket, hop, options, events);
    return;
  }
  const secure = tls.connect({
    socket,
    rejectUnauthorized: false,
    ...(net.isIP(hop.host) === 0 ? { servername: hop.host } : {}),
    ...(options.secureContext === null ? {} : { secureContext: options.secureContext() }),
  });
  const failed = (error: Error) => events.failed(ofProxy(errorResult(error)));
  secure.once("error", failed);
  secure.once("secureConnect", () => {
    secure.off("error", failed);
    speak(secure, hop, options, events);
  });
}

/** Not in the protocol that the variable names. */
function ofProxy(result: TcpResult): TcpResult {
  return result.kind === "other-protocol"
    ? { kind: "failed", code: PROXY_NOT_SPOKEN, detail: "answered, not in TLS" }
    : result;
}

function speak(stream: Wire, hop: ProxyHop, options: TunnelOptions, events: TunnelEvents): void {
  const waiting = [...messagesTo(hop, options)];
  let collected = Buffer.alloc(0);
  let detail = "";
  let finReceived = false;
  const release = () => {
    stream.off("data", received);
    stream.off("error", failed);
    stream.off("end", ended);
    stream.off("close", closed);
  };
  const fail = (result: TcpResult) => {
    release();
    // An error that comes later is of a stream that nobody uses.
    stream.on("error", () => undefined);
    events.failed(result);
  };
  const failed = (error: Error) =>
    // Node calls its end before a handshake a reset.
    fail(finReceived && errorCode(error) === "ECONNRESET" ? CLOSED_EARLY : errorResult(error));
  const ended = () => {
    finReceived = true;
  };
  const closed = () => fail(CLOSED_EARLY);
  const next = () => {
    const [message] = waiting;
    if (message !== undefined) {
      stream.write(message.send);
      return;
    }
    release();
    stream.pause();
    if (collected.length > 0) stream.unshift(collected);
    if (detail !== "") events.answered({ ok: true, detail });
    events.open(stream);
  };
  const received = (chunk: Buffer) => {
    collected = Buffer.concat([collected, chunk]);
    const [message] = waiting;
    const reply = message?.read(collected) ?? null;
    if (reply === null) return;
    detail = reply.detail;
    if (!reply.ok) {
      events.answered({ ok: false, detail });
      const code = reply.spoken === false ? PROXY_NOT_SPOKEN : PROXY_REFUSED;
      fail({ kind: "failed", code, detail });
      return;
    }
    collected = collected.subarray(reply.usedBytes ?? collected.length);
    waiting.shift();
    if (reply.wantsLogin === true) waiting.unshift(login(hop.credentials ?? ""));
    next();
  };
  stream.on("data", received);
  stream.on("error", failed);
  stream.on("end", ended);
  stream.on("close", closed);
  next();
}

/** What is sent one after the other, each after the answer to the one before it. */
function messagesTo(hop: ProxyHop, options: TunnelOptions): readonly Greeting[] {
  const to = hop.targetAddress ?? options.host;
  switch (hop.scheme) {
    case "socks5":
    case "socks5h":
      return [methodOffer(hop.credentials !== null), connectTo(to, options.port)];
    case "socks":
    case "socks4":
    case "socks4a":
      return [connectTo4(to, options.port, hop.credentials)];
    default:
      return options.plain ? [] : [connect(hop, options)];
  }
}

function connect({ credentials }: ProxyHop, options: TunnelOptions): Greeting {
  const request = connectRequest(options, options.userAgent, credentials);
  return { send: Buffer.from(request), read: readConnect };
}

const MAX_HEADER_BYTES = 16_384;
const HEADER_END = "\r\n\r\n";
/** Of a status line, of which the rest is nobody's. */
const MAX_LINE_CHARS = 200;

/** CONNECT wants a 2xx (RFC 9110 s.9.3.6), without a body; null until the header is whole. */
function readConnect(answer: Buffer): GreetingReply | null {
  const text = answer.toString("latin1");
  const spoken = text.startsWith("HTTP/") || "HTTP/".startsWith(text);
  if (!spoken) return { ok: false, spoken, detail: NOT_HTTP };
  const end = text.indexOf(HEADER_END);
  if (end < 0 && text.length < MAX_HEADER_BYTES) return null;
  const line = text.split("\r\n", 1)[0]?.slice(0, MAX_LINE_CHARS) ?? "";
  const status = /^HTTP\/\d(?:\.\d)? (\d{3})/.exec(line)?.[1];
  if (status === undefined) return { ok: false, spoken: false, detail: NOT_HTTP };
  return { ok: status.startsWith("2"), detail: line, usedBytes: end + HEADER_END.length };
}
