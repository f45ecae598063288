// The web's exchange: a TLS handshake with a small or a padded ClientHello where it is HTTPS, then one request.

import type net from "node:net";
import tls from "node:tls";
import type { TcpResult } from "../../src/schema/events/tcp.ts";
import { authority, authorization } from "../proxy/request.ts";
import type { AnswerFields, Exchange, ExchangeEvents, ExchangeOptions } from "./exchange-events.ts";
import { certificateFacts } from "./tls-certificate.ts";
import { CLOSED_EARLY, onFailure, secure } from "./tls-client.ts";

export type WebOptions = ExchangeOptions & { readonly scheme: "https" | "http" };

/** Enough of an answer to have seen full-size segments. */
const ENOUGH_BYTES = 65536;

/** Takes over a connected socket; it is closed when the exchange ends. No callback comes after `destroy`. */
export function startWebExchange(
  socket: net.Socket,
  options: WebOptions,
  events: ExchangeEvents,
): Exchange {
  let over = false;
  let received = 0;
  let status = "";
  const end = (result: TcpResult | null) => {
    if (over) return;
    over = true;
    events.ended(result);
  };
  const stream = options.scheme === "https" ? secure(socket, options, ["http/1.1"]) : socket;

  if (options.padBytes !== null) events.talked({ kind: "large", direction: "outbound" });
  const request = () => stream.write(requestText(options));
  // Plain HTTP may go to a proxy in TLS, whose handshake is over.
  if (options.scheme === "https" && stream instanceof tls.TLSSocket) {
    stream.on("secureConnect", () => {
      if (over) return;
      events.secured(options.verify ? certificateFacts(stream) : null);
      request();
    });
  } else {
    request();
  }
  stream.on("data", (chunk: Buffer) => {
    if (over) return;
    received += chunk.length;
    if (status === "") {
      status = statusLine(chunk);
      events.answered(status, fieldsOf(chunk));
    }
    if (received >= ENOUGH_BYTES) end(null);
  });
  onFailure(stream, end);
  stream.on("close", () => {
    end(status === "" ? CLOSED_EARLY : null);
  });
  return {
    readBytes: () => socket.bytesRead,
    destroy: () => {
      over = true;
      stream.destroy();
      socket.destroy();
    },
  };
}

function requestText(options: WebOptions): string {
  const standard = options.port === (options.scheme === "https" ? 443 : 80);
  const host = options.host.includes(":") ? `[${options.host}]` : options.host;
  const padding =
    options.scheme === "http" && options.padBytes !== null
      ? [`X-Padding: ${"p".repeat(options.padBytes)}`]
      : [];
  const { proxy } = options;
  // A tunnel leads to the target itself.
  const asked = options.scheme === "http" && proxy != null && !proxy.scheme.startsWith("socks");
  const own = asked ? authorization(proxy.credentials) : [];
  const uri = asked ? `http://${authority(options)}${options.path}` : options.path;
  return [
    `GET ${uri} HTTP/1.1`,
    `Host: ${standard ? host : `${host}:${options.port}`}`,
    `User-Agent: ${options.userAgent}`,
    "Accept: */*",
    "Connection: close",
    ...own,
    ...padding,
    "",
    "",
  ].join("\r\n");
}

function statusLine(chunk: Buffer): string {
  const line = chunk.subarray(0, 200).toString("latin1").split("\r\n", 1)[0] ?? "";
  return /^HTTP\/\d(\.\d)? \d{3}/.test(line) ? line : NOT_HTTP;
}

/** In place of a status line. */
export const NOT_HTTP = "answered, not in HTTP";

/** Fields of the first bytes; a longer header's end is not waited for. */
function fieldsOf(chunk: Buffer): AnswerFields {
  const [header = ""] = chunk.subarray(0, MAX_HEADER_BYTES).toString("latin1").split("\r\n\r\n", 1);
  const field = (pattern: RegExp) => pattern.exec(header)?.[1]?.trim() ?? null;
  return {
    altSvc: field(/^alt-svc:[ \t]*(.*)$/im),
    location: field(/^location:[ \t]*(.*)$/im)?.slice(0, MAX_FIELD_CHARS) ?? null,
    date: field(/^date:[ \t]*(.*)$/im)?.slice(0, MAX_FIELD_CHARS) ?? null,
  };
}

/** Longer ones are no addresses that anybody would follow. */
const MAX_FIELD_CHARS = 500;
const MAX_HEADER_BYTES = 16_384;
