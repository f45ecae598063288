// The web's exchange through a proxy: what the proxy wants first, then the same as without one.

import { PROXY_NOT_SPOKEN, PROXY_REFUSED } from "../../src/facts/connection/attempt.ts";
import type { Wire } from "../native/connection.ts";
import { NOT_HTTP } from "../proxy/request.ts";
import { openTunnel, type ProxyHop } from "../proxy/tunnel.ts";
import type { Exchange, ExchangeEvents } from "./exchange-events.ts";
import { startWebExchange } from "./web-exchange.ts";
import type { WebOptions } from "./web-request.ts";

type Proxied = WebOptions & { readonly proxy: ProxyHop };

/** Takes over a socket that is connected to the proxy. No callback comes after `destroy`. */
export function startProxiedExchange(
  socket: Wire,
  options: Proxied,
  events: ExchangeEvents,
): Exchange {
  let exchange: Exchange | null = null;
  let over = false;
  // An HTTP proxy is sent a request in plain HTTP itself, with the whole URL (RFC 9112 s.3.2.2).
  const plain = options.scheme === "http" && !options.proxy.scheme.startsWith("socks");
  const tunnel = { ...options, plain };
  openTunnel(socket, options.proxy, tunnel, {
    answered: (answer) => {
      if (!over) events.proxied(answer);
    },
    open: (stream) => {
      if (over) return;
      exchange = startWebExchange(stream, options, plain ? ofProxy(events) : events);
      stream.resume();
    },
    failed: (result) => {
      if (!over) events.ended(result);
    },
  });
  return {
    readBytes: () => socket.bytesRead,
    destroy: () => {
      over = true;
      exchange?.destroy();
      socket.destroy();
    },
  };
}

const LOGIN_WANTED = /^HTTP\/\d(?:\.\d)? 407 /;

/** The first answer is the proxy's own where it wants a login (RFC 9110 s.15.5.8), or is not in HTTP. */
function ofProxy(events: ExchangeEvents): ExchangeEvents {
  return {
    ...events,
    answered: (status, fields) => {
      const refused = LOGIN_WANTED.test(status);
      if (!refused && status !== NOT_HTTP) return events.answered(status, fields);
      events.proxied({ ok: false, detail: status });
      const code = refused ? PROXY_REFUSED : PROXY_NOT_SPOKEN;
      events.ended({ kind: "failed", code, detail: status });
    },
  };
}
