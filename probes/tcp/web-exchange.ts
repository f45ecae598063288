// The web's exchange: a TLS handshake with a small or a padded ClientHello where it is HTTPS, then one request.

import tls from "node:tls";
import type { TcpResult } from "../../src/schema/events/tcp.ts";
import type { Wire } from "../native/connection.ts";
import type { Exchange, ExchangeEvents } from "./exchange-events.ts";
import { manyRequests, sendHeld } from "./pipeline.ts";
import { certificateFacts } from "./tls-certificate.ts";
import { CLOSED_EARLY, onFailure, secure } from "./tls-client.ts";
import { fieldsOf, requestText, statusLine, type WebOptions } from "./web-request.ts";

/** Enough of an answer to have seen full-size segments. */
const ENOUGH_BYTES = 65536;

/** Takes over a connected socket; it is closed when the exchange ends. No callback comes after `destroy`. */
export function startWebExchange(
  socket: Wire,
  options: WebOptions,
  events: ExchangeEvents,
): Exchange {
  let over = false;
  let received = 0;
  let first: Buffer | null = null;
  const { pipeline = null } = options;
  const end = (result: TcpResult | null) => {
    if (over) return;
    over = true;
    events.ended(result);
  };
  const tell = (chunk: Buffer) => events.answered(statusLine(chunk), fieldsOf(chunk));
  /** Of many answers the last one counts: before it, not all has come. */
  const finish = () => {
    if (over) return;
    if (first !== null && pipeline !== null) tell(first);
    end(first === null ? CLOSED_EARLY : null);
  };
  const stream = options.scheme === "https" ? secure(socket, options, ["http/1.1"]) : socket;

  if (options.padBytes !== null) events.talked({ kind: "large", direction: "outbound" });
  const request = () => {
    if (pipeline === null) stream.write(requestText(options));
    else sendHeld(stream, manyRequests(options), pipeline, events, () => over);
  };
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
    const isFirst = first === null;
    first ??= chunk;
    if (isFirst && pipeline === null) tell(chunk);
    if (received >= ENOUGH_BYTES) finish();
  });
  onFailure(stream, end);
  stream.on("close", () => finish());
  return {
    readBytes: () => socket.bytesRead,
    destroy: () => {
      over = true;
      stream.destroy();
      socket.destroy();
    },
  };
}
