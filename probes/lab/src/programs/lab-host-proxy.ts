// The proxies of a lab: HTTP's CONNECT and plain requests, SOCKS 5, and what goes wrong with them.

import { createServer as createHttp, get } from "node:http";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { ProxyQuirk, Service } from "../scenarios/scenario.ts";
import type { ServiceConfig } from "./lab-host-protocol.ts";

type Proxy = Extract<Service, { readonly kind: "proxy" }>;
type Locate = (name: string) => string;

export function proxy(service: Proxy, zone: ServiceConfig["zone"]): Server {
  // An address in the zone is of IPv4 first; square brackets are only for a URL.
  const locate = (name: string) =>
    service.knows?.[name] ?? zone[name]?.[0] ?? name.replace(/^\[|\]$/g, "");
  const { does } = service;
  if (does === "silent") return raw(() => undefined);
  if (does === "greets") return raw((client) => client.write("SSH-2.0-OpenSSH_9.2\r\n"));
  return service.speaks === "socks5" ? socks(locate) : http(locate, does);
}

function raw(accepted: (client: Socket) => void): Server {
  return createServer((client) => {
    client.on("error", () => client.destroy());
    client.resume();
    accepted(client);
  });
}

const CONNECTED = "HTTP/1.1 200 Connection established\r\n\r\n";
const ANSWERS = {
  "wants-login":
    'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="lab"\r\ncontent-length: 0\r\n\r\n',
  denies: "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n",
  "connects-to-nothing": CONNECTED,
  "connects-to-garbage": `${CONNECTED}220 mail.example.test\r\n`,
} as const;

function http(locate: Locate, does: Exclude<ProxyQuirk, "silent" | "greets"> | undefined): Server {
  const server = createHttp((request, response) => {
    if (does === "wants-login") {
      response.writeHead(407, { "proxy-authenticate": "Basic" }).end();
      return;
    }
    if (!URL.canParse(request.url ?? "")) {
      response.writeHead(400).end();
      return;
    }
    const { hostname, port, pathname } = new URL(request.url ?? "");
    const headers = { host: hostname };
    const onward = get({
      host: locate(hostname),
      port: port || HTTP_PORT,
      path: pathname,
      headers,
    });
    onward.on("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502);
      answer.pipe(response);
    });
    onward.on("error", () => response.writeHead(502).end());
  });
  server.on("connect", (request, client: Socket, head: Buffer) => {
    client.on("error", () => client.destroy());
    if (does !== undefined && does !== "connects-late") {
      client.write(ANSWERS[does]);
      return;
    }
    const { hostname, port } = new URL(`http://${request.url ?? ""}`);
    const onward = connect(Number(port) || HTTPS_PORT, locate(hostname), () => {
      setTimeout(
        () => {
          client.write(CONNECTED);
          onward.write(head);
          client.pipe(onward).pipe(client);
        },
        does === "connects-late" ? LATE_MS : 0,
      );
    });
    onward.on("error", () => client.destroy());
  });
  return server;
}

/** Longer than a retransmission, shorter than any program waits. */
const LATE_MS = 1600;
const HTTP_PORT = 80;
const HTTPS_PORT = 443;

/** RFC 1928, without a login; the request has a name (3) or an IPv4 address (1). */
function socks(locate: Locate): Server {
  return createServer((client) => {
    client.on("error", () => client.destroy());
    client.once("data", () => {
      client.write(Buffer.from([5, 0]));
      client.once("data", (request) => {
        const end = request.length - 2;
        const isName = request[3] === 3;
        const name = isName
          ? request.subarray(5, end).toString("latin1")
          : [...request.subarray(4, end)].join(".");
        const onward = connect(request.readUInt16BE(end), locate(name), () => {
          client.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
          client.pipe(onward).pipe(client);
        });
        onward.on("error", () => client.end(Buffer.from([5, 4, 0, 1, 0, 0, 0, 0, 0, 0])));
      });
    });
  });
}
