// The client's side of a TLS handshake on a socket that is connected, and its errors as results.

import net from "node:net";
import type { Duplex } from "node:stream";
import tls from "node:tls";
import { CLOSED } from "../../src/facts/connection/attempt.ts";
import { CLOSED_UNANSWERED } from "../../src/schema/constants.ts";
import type { TcpResult } from "../../src/schema/events/tcp.ts";
import { errorCode } from "./tls-certificate.ts";

export interface ClientHelloOptions {
  readonly host: string;
  /** Made when the handshake begins; null: Node's own. */
  readonly secureContext: (() => tls.SecureContext) | null;
  /** The name in the ClientHello, where it is not the host's. */
  readonly serverName?: string | null;
  /** Pads the ClientHello to at least so many bytes. */
  readonly padBytes: number | null;
}

/** @param protocols for ALPN (RFC 7301), none to leave it out unless something has to be padded */
export function secure(
  socket: Duplex,
  clientHello: ClientHelloOptions,
  protocols: readonly string[],
): tls.TLSSocket {
  const name = clientHello.serverName ?? clientHello.host;
  const isName = net.isIP(name.replace(/%.*$/, "")) === 0;
  const offered = [...protocols, ...padding(clientHello.padBytes)];
  return tls.connect({
    socket,
    host: name,
    rejectUnauthorized: false,
    ...(offered.length === 0 ? {} : { ALPNProtocols: offered }),
    ...(isName ? { servername: name } : {}),
    ...(clientHello.secureContext === null ? {} : { secureContext: clientHello.secureContext() }),
  });
}

/** An ALPN name is at most 255 bytes with one for its length (RFC 7301 s.3.1). */
const ALPN_NAME_BYTES = 200;

/** Protocols that nobody has, behind the real ones: as many as it takes. */
function padding(padBytes: number | null): string[] {
  const count = padBytes === null ? 0 : Math.ceil(padBytes / (ALPN_NAME_BYTES + 1));
  return Array.from({ length: count }, (_, n) => `x-${n}-`.padEnd(ALPN_NAME_BYTES, "p"));
}

/** OpenSSL's words for an answer that is no TLS record: somebody speaks, in another protocol. */
const NOT_TLS = /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNKNOWN_PROTOCOL|HTTP_REQUEST/;

export const CLOSED_EARLY: TcpResult = {
  kind: "failed",
  code: CLOSED,
  detail: CLOSED_UNANSWERED,
};

/** Reports how a stream fails. Node calls its end before a handshake a reset (lib/_tls_wrap.js, onConnectEnd). */
export function onFailure(stream: Duplex, report: (result: TcpResult) => void): void {
  let finReceived = false;
  stream.on("end", () => {
    finReceived = true;
  });
  stream.on("error", (error) => {
    const isEnd = finReceived && errorCode(error) === "ECONNRESET";
    report(isEnd ? CLOSED_EARLY : errorResult(error));
  });
}

export function errorResult(error: Error): TcpResult {
  const code = errorCode(error);
  if (NOT_TLS.test(code)) return { kind: "other-protocol", detail: "the answer is not TLS" };
  return { kind: "failed", code, detail: error.message.split("\n", 1)[0] ?? code };
}
