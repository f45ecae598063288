// The exchange on a connected socket: a TLS handshake with a small or a padded ClientHello, then one request.

import net from "node:net";
import tls from "node:tls";
import { CLOSED } from "../../src/facts/connection/attempt.ts";
import type { TcpResult } from "../../src/schema/events/tcp.ts";
import { type CertificateFacts, certificateFacts, errorCode } from "./tls-certificate.ts";

export interface ClientHelloOptions {
  readonly scheme: "https" | "http";
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly userAgent: string;
  /** Made when the handshake begins; null: Node's own. */
  readonly secureContext: (() => tls.SecureContext) | null;
  /** The name in the ClientHello, where it is not the host's. */
  readonly serverName?: string | null;
  /** Whether the certificate is worth reporting. */
  readonly verify: boolean;
  /** Pads the ClientHello (https) or the request (http) to at least so many bytes. */
  readonly padBytes: number | null;
}

export interface ExchangeEvents {
  secured(certificate: CertificateFacts | null): void;
  /** The first bytes of the answer, and some fields if they hold them. */
  answered(status: string, fields: AnswerFields): void;
  /** Null after an answer. */
  ended(result: TcpResult | null): void;
}

export interface AnswerFields {
  readonly altSvc: string | null;
  readonly location: string | null;
  readonly date: string | null;
}

export interface Exchange {
  answered(): boolean;
  destroy(): void;
}

/** Enough of an answer to have seen full-size segments. */
const ENOUGH_BYTES = 65536;

/**
 * Takes over a connected, non-blocking socket; it is closed when the exchange ends.
 * No callback comes after `destroy`.
 */
export function startExchange(
  fd: number,
  clientHello: ClientHelloOptions,
  events: ExchangeEvents,
): Exchange {
  const socket = new net.Socket({ fd, readable: true, writable: true });
  let over = false;
  let finReceived = false;
  let received = 0;
  let status = "";
  const end = (result: TcpResult | null) => {
    if (over) return;
    over = true;
    events.ended(result);
  };
  const stream = clientHello.scheme === "https" ? secure(socket, clientHello) : socket;

  const request = () => stream.write(requestText(clientHello));
  if (stream instanceof tls.TLSSocket) {
    stream.on("secureConnect", () => {
      if (over) return;
      events.secured(clientHello.verify ? certificateFacts(stream) : null);
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
  stream.on("end", () => {
    finReceived = true;
  });
  // Node calls the end of the connection before a handshake a reset (lib/_tls_wrap.js, onConnectEnd).
  stream.on("error", (error) =>
    end(finReceived && isReset(error) ? CLOSED_EARLY : errorResult(error)),
  );
  stream.on("close", () => {
    end(status === "" ? CLOSED_EARLY : null);
  });
  return {
    answered: () => status !== "",
    destroy: () => {
      over = true;
      stream.destroy();
      socket.destroy();
    },
  };
}

function secure(socket: net.Socket, clientHello: ClientHelloOptions): tls.TLSSocket {
  const name = clientHello.serverName ?? clientHello.host;
  const isName = net.isIP(name.replace(/%.*$/, "")) === 0;
  return tls.connect({
    socket,
    host: name,
    rejectUnauthorized: false,
    ALPNProtocols: alpn(clientHello.padBytes),
    ...(isName ? { servername: name } : {}),
    ...(clientHello.secureContext === null ? {} : { secureContext: clientHello.secureContext() }),
  });
}

/** An ALPN name is at most 255 bytes with one for its length (RFC 7301 s.3.1). */
const ALPN_NAME_BYTES = 200;

/** The list of protocols: as long as it must be for a padded ClientHello, the real one first. */
function alpn(padBytes: number | null): string[] {
  const count = padBytes === null ? 0 : Math.ceil(padBytes / (ALPN_NAME_BYTES + 1));
  const padding = Array.from({ length: count }, (_, n) => `x-${n}-`.padEnd(ALPN_NAME_BYTES, "p"));
  return ["http/1.1", ...padding];
}

function requestText(clientHello: ClientHelloOptions): string {
  const standard = clientHello.port === (clientHello.scheme === "https" ? 443 : 80);
  const host = clientHello.host.includes(":") ? `[${clientHello.host}]` : clientHello.host;
  const padding =
    clientHello.scheme === "http" && clientHello.padBytes !== null
      ? [`X-Padding: ${"p".repeat(clientHello.padBytes)}`]
      : [];
  return [
    `GET ${clientHello.path} HTTP/1.1`,
    `Host: ${standard ? host : `${host}:${clientHello.port}`}`,
    `User-Agent: ${clientHello.userAgent}`,
    "Accept: */*",
    "Connection: close",
    ...padding,
    "",
    "",
  ].join("\r\n");
}

function statusLine(chunk: Buffer): string {
  const line = chunk.subarray(0, 200).toString("latin1").split("\r\n", 1)[0] ?? "";
  return /^HTTP\/\d(\.\d)? \d{3}/.test(line) ? line : "answered, not in HTTP";
}

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

/** OpenSSL's words for an answer that is no TLS record: somebody speaks, in another protocol. */
const NOT_TLS = /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNKNOWN_PROTOCOL|HTTP_REQUEST/;

const CLOSED_EARLY: TcpResult = {
  kind: "failed",
  code: CLOSED,
  detail: "closed without an answer",
};

function isReset(error: Error): boolean {
  return errorCode(error) === "ECONNRESET";
}

function errorResult(error: Error): TcpResult {
  const code = errorCode(error);
  if (NOT_TLS.test(code)) return { kind: "other-protocol", detail: "the answer is not TLS" };
  return { kind: "failed", code, detail: error.message.split("\n", 1)[0] ?? code };
}
