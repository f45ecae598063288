// The web's exchange: a TLS handshake with a small or a padded ClientHello where it is HTTPS, then one request.

import type net from "node:net";
import tls from "node:tls";
import type { TcpResult } from "../../src/schema/events/tcp.ts";
import type { Exchange, ExchangeEvents } from "./exchange-events.ts";
import { startPipeline } from "./pipeline.ts";
import { certificateFacts } from "./tls-certificate.ts";
import { CLOSED_EARLY, onFailure, secure } from "./tls-client.ts";
import { fieldsOf, requestText, statusLine, type WebOptions } from "./web-request.ts";

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
  const request = () => {
    if (options.pipeline == null) stream.write(requestText(options));
    else startPipeline(stream, options, options.pipeline, () => over);
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
