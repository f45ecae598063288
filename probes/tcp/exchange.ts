// What is said on a connected socket: the web's exchange, a protocol's conversation, or what the port turns out to speak.

import type { Clock } from "../../src/clock.ts";
import type { Wire } from "../native/connection.ts";
import { PROTOCOLS } from "../protocols/protocols.ts";
import { startConversation } from "./conversation-exchange.ts";
import type { Exchange, ExchangeEvents, ExchangeOptions } from "./exchange-events.ts";
import { listenFirst } from "./listen-first.ts";
import { startProxiedExchange } from "./proxied-exchange.ts";
import { startWebExchange } from "./web-exchange.ts";

/**
 * Takes over a connection; it is closed when the exchange ends.
 * No callback comes after `destroy`.
 */
export function startExchange(
  socket: Wire,
  options: ExchangeOptions,
  events: ExchangeEvents,
  clock: Clock,
): Exchange {
  const { scheme } = options;
  switch (scheme) {
    case "https":
    case "http":
      if (options.proxy != null) {
        return startProxiedExchange(socket, { ...options, scheme, proxy: options.proxy }, events);
      }
      return startWebExchange(socket, { ...options, scheme }, events);
    case "unknown":
    case "tcp":
    case "udp":
    case "icmp":
      return listenFirst(socket, options, events, clock);
    default:
      return startConversation(socket, PROTOCOLS[scheme], options, events);
  }
}
