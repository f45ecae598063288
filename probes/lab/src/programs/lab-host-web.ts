// A web server with and without TLS, for many connections at once.

import { once } from "node:events";
import { createServer as createHttp, type RequestListener } from "node:http";
import { createServer as createHttps } from "node:https";
import type { WebServerConfig } from "./lab-host-protocol.ts";

const HTTP_PORT = 80;
const HTTPS_PORT = 443;
/** More than any sweep opens at once. */
const BACKLOG = 512;

/** Listens on both ports, IPv4 and IPv6; resolves when both do. */
export async function serveWeb({ chain, key, bodyBytes, headers }: WebServerConfig): Promise<void> {
  const body = pageOf(bodyBytes);
  const page: RequestListener = (request, response) => {
    response.writeHead(200, {
      "content-type": "text/plain",
      "content-length": body.length,
      ...headers,
    });
    response.end(request.method === "HEAD" ? undefined : body);
  };
  const servers = [
    { server: createHttp(page), port: HTTP_PORT },
    { server: createHttps({ cert: chain, key }, page), port: HTTPS_PORT },
  ];
  await Promise.all(
    servers.map(({ server, port }) => {
      server.listen({ port, host: "::", ipv6Only: false, backlog: BACKLOG });
      return once(server, "listening");
    }),
  );
}

const LINE = "The quick brown fox jumps over the lazy dog.\n";

function pageOf(bytes: number): Buffer {
  return Buffer.alloc(bytes, LINE);
}
