// A port whose number says nothing of its protocol: a server that speaks first is answered in kind, any other is asked for HTTPS.

import type { Clock } from "../../src/clock.ts";
import type { Wire } from "../native/connection.ts";
import { PROTOCOLS, schemeOfGreeting } from "../protocols/protocols.ts";
import { startConversation } from "./conversation-exchange.ts";
import type { Exchange, ExchangeEvents, ExchangeOptions } from "./exchange-events.ts";
import { CLOSED_EARLY, errorResult } from "./tls-client.ts";
import { startWebExchange } from "./web-exchange.ts";

/** Servers that speak first do so within a round trip, but for those that look a name up before. */
const LISTEN_MS = 300;
const MAX_LINE_BYTES = 200;

export function listenFirst(
  socket: Wire,
  options: ExchangeOptions,
  events: ExchangeEvents,
  clock: Clock,
): Exchange {
  let heard = Buffer.alloc(0);
  let next: Exchange | null = null;
  let over = false;
  const handOver = (start: () => Exchange) => {
    socket.removeAllListeners();
    next = start();
  };
  const end = (result: Parameters<ExchangeEvents["ended"]>[0]) => {
    if (over || next !== null) return;
    over = true;
    events.ended(result);
  };
  const endUnknown = () => {
    const line = heard.toString("latin1", 0, MAX_LINE_BYTES).split(/\r?\n/, 1)[0] ?? "";
    end({
      kind: "other-protocol",
      detail: `answered, in a protocol that is not known here: ${line}`,
    });
  };
  socket.on("data", (chunk: Buffer) => {
    heard = Buffer.concat([heard, chunk]);
    const scheme = schemeOfGreeting(heard);
    if (scheme !== null) {
      const early = heard;
      handOver(() => {
        events.talked({ kind: "spoken", scheme });
        return startConversation(socket, PROTOCOLS[scheme], options, events, early);
      });
    } else if (heard.includes("\n") || heard.length > MAX_LINE_BYTES) endUnknown();
  });
  socket.on("error", (error) => end(errorResult(error)));
  socket.on("close", () => end(CLOSED_EARLY));
  void clock.sleep(LISTEN_MS).then(() => {
    if (over || next !== null) return;
    if (heard.length > 0) return endUnknown();
    handOver(() => {
      events.talked({ kind: "spoken", scheme: "https" });
      events.talked({ kind: "tls" });
      return startWebExchange(socket, { ...options, scheme: "https" }, events);
    });
  });
  return {
    readBytes: () => socket.bytesRead,
    destroy: () => {
      over = true;
      if (next !== null) next.destroy();
      else socket.destroy();
    },
  };
}
