// The web's exchange: a TLS handshake with a small or a padded ClientHello where it is HTTPS, then one request.

import tls from "node:tls";
import type { TcpResult } from "../../src/schema/events/tcp.ts";
import type { Wire } from "../native/connection.ts";
import type { Exchange, ExchangeEvents } from "./exchange-events.ts";
import { manyRequests, sendHeld } from "./pipeline.ts";
import { certificateFacts } from "./tls-certificate.ts";
import { CLOSED_EARLY, onFailure, secure } from "./tls-client.ts";
import {
  fieldsOf,
  isLineWhole,
  requestText,
  statusLine,
  type WebOptions,
  withMore,
} from "./web-request.ts";

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
  let head: Buffer | null = null;
  let told = false;
  const { pipeline = null } = options;
  const end = (result: TcpResult | null) => {
    if (over) return;
    over = true;
    events.ended(result);
  };
  const tell = (answer: Buffer) => {
    told = true;
    events.answered(statusLine(answer), fieldsOf(answer));
  };
  /** Of many answers the last one counts: before it, not all has come. */
  const finish = () => {
    if (over) return;
    if (head !== null && !told) tell(head);
    end(head === null ? CLOSED_EARLY : null);
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
    if (!told) head = withMore(head, chunk);
    if (!told && head !== null && pipeline === null && isLineWhole(head)) tell(head);
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
