// The programs that a scenario puts on the path or beside it: a proxy, a relay, a middlebox that ends TLS, a login page.

import { once } from "node:events";
import { createServer as createHttp, type RequestListener } from "node:http";
import { connect, createServer, type Server, type Socket } from "node:net";
import { type Duplex, PassThrough, Transform } from "node:stream";
import { createSecureContext, createServer as createTls } from "node:tls";
import type { OddAnswer, Service } from "../scenarios/scenario.ts";
import type { ServiceConfig } from "./lab-host-protocol.ts";
import { proxy } from "./lab-host-proxy.ts";

/** Listens on the service's port, IPv4 and IPv6; resolves when it does. */
export async function serve(config: ServiceConfig): Promise<void> {
  const server = serverFor(config);
  const { service } = config;
  const isOne = service.kind === "listener";
  const host = isOne ? service.address : "::";
  server.listen({ port: service.port, host, ipv6Only: isOne, backlog: BACKLOG });
  await once(server, "listening");
}

/** More than any sweep opens at once. */
const BACKLOG = 512;

function serverFor({ service, zone, certificates }: ServiceConfig): Server {
  switch (service.kind) {
    case "proxy":
      return proxy(service, zone);
    case "relay":
      return createServer((client) => passOn(client, service));
    case "listener":
      return createServer((client) => takeIn(client, service.to));
    case "inspector":
      return inspector(certificates);
    case "captive-portal":
      return createHttp(page(service.location));
    case "odd-server":
      return oddServer(service);
  }
}

function page(location: string): RequestListener {
  return (_request, response) => {
    response.writeHead(302, { location }).end("log in");
  };
}

function takeIn(client: Socket, to: Extract<Service, { readonly kind: "listener" }>["to"]): void {
  client.on("error", () => client.destroy());
  if (to === null) {
    client.resume();
    return;
  }
  const onward = connect(to.port, to.address, () => client.pipe(onward).pipe(client));
  onward.on("error", () => client.destroy());
}

function passOn(client: Socket, relay: Extract<Service, { readonly kind: "relay" }>): void {
  client.on("error", () => client.destroy());
  client.once("data", (first) => {
    if (relay.resetsNamed !== null && first.includes(relay.resetsNamed)) {
      client.resetAndDestroy();
      return;
    }
    forward(client, relay.to, first);
  });
}

/** To where the connection really leads: what the client sent first, then both streams. */
function forward(
  client: Socket,
  to: { readonly address: string; readonly port: number },
  first: Buffer,
  answer: Duplex = new PassThrough(),
): void {
  const onward = connect(to.port, to.address, () => {
    onward.write(first);
    client.pipe(onward).pipe(answer).pipe(client);
  });
  onward.on("error", () => client.destroy());
}

type OddServer = Extract<Service, { readonly kind: "odd-server" }>;

function oddServer({ does, named, to }: OddServer): Server {
  return createServer((client) => {
    client.on("error", () => client.destroy());
    client.once("data", (first) => {
      const answer = answerTo(first, does, named);
      ODD_ANSWERS[answer](client, (through) => forward(client, to, first, through));
    });
  });
}

/** What of the first bytes makes the server odd, where not everything does. */
function answerTo(first: Buffer, does: OddAnswer, named: string): OddAnswer {
  if (does === "close-named" && first.includes(named)) return "close";
  if (does === "reset-large-hello" && recordBytes(first) > HELLO_BUFFER_BYTES) return "reset";
  return does;
}

/** A hello of one segment and no more. */
const HELLO_BUFFER_BYTES = 1460;

/** By the header of the first record, however much of it has come (RFC 8446 s.5.1). */
function recordBytes(first: Buffer): number {
  return first.length < RECORD_HEADER_BYTES ? 0 : RECORD_HEADER_BYTES + first.readUInt16BE(3);
}

const RECORD_HEADER_BYTES = 5;

type Answer = (client: Socket, passOn: (through?: Duplex) => void) => void;

const ODD_ANSWERS: Readonly<Record<OddAnswer, Answer>> = {
  nothing: () => undefined,
  close: (client) => client.end(),
  reset: (client) => client.resetAndDestroy(),
  greeting: (client) => client.write("220 files.example.test ready\r\n"),
  alert: (client) => client.end(HANDSHAKE_FAILURE),
  damage: (_client, passOn) => passOn(damage()),
  pause: (_client, passOn) => passOn(rest()),
  "end-early": (client, passOn) => passOn(firstPart(client)),
  "close-named": (_client, passOn) => passOn(),
  "reset-large-hello": (_client, passOn) => passOn(),
  "late-hello": (_client, passOn) => passOn(late(() => true)),
  "late-answer": (client, passOn) => {
    let isAsked = false;
    client.once("data", () => {
      isAsked = true;
    });
    passOn(late(() => isAsked));
  },
};

/** RFC 8446 s.6: an alert record of two bytes, fatal, handshake_failure (40). */
const HANDSHAKE_FAILURE = Buffer.from([21, 3, 3, 0, 2, 2, 40]);
/** Behind the ServerHello, where everything is encrypted. */
const DAMAGED_BYTE = 700;

/** Longer than a retransmission, shorter than any program waits. */
const LATE_MS = 1600;

/** The stream, whose first part for which this holds comes late. */
function late(isLate: () => boolean): Transform {
  let waited = false;
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      const ms = !waited && isLate() ? LATE_MS : 0;
      waited ||= ms > 0;
      setTimeout(() => done(null, chunk), ms);
    },
  });
}

const REST_AFTER_BYTES = 100_000;
const REST_MS = 2000;

/** The stream, which stops once and goes on. */
function rest(): Transform {
  let passed = 0;
  let rested = false;
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      passed += chunk.length;
      const ms = !rested && passed > REST_AFTER_BYTES ? REST_MS : 0;
      rested ||= ms > 0;
      setTimeout(() => done(null, chunk), ms);
    },
  });
}

/** As much of the stream, and then the client's connection ends in order. */
function firstPart(client: Socket): Transform {
  let passed = 0;
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      passed += chunk.length;
      if (passed > REST_AFTER_BYTES) client.end();
      done(null, passed > REST_AFTER_BYTES ? undefined : chunk);
    },
  });
}

/** The stream with one byte of it changed. */
function damage(): Transform {
  let passed = 0;
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      const at = DAMAGED_BYTE - passed;
      passed += chunk.length;
      if (at >= 0 && at < chunk.length) chunk.writeUInt8(chunk.readUInt8(at) ^ 1, at);
      done(null, chunk);
    },
  });
}

function inspector(certificates: ServiceConfig["certificates"]): Server {
  const contexts = new Map(
    Object.entries(certificates).map(([name, { chain, key }]) => [
      name,
      createSecureContext({ cert: chain, key }),
    ]),
  );
  const [first] = Object.values(certificates);
  const server = createTls(
    {
      ...(first === undefined ? {} : { cert: first.chain, key: first.key }),
      SNICallback: (name, done) => done(null, contexts.get(name)),
    },
    (socket) => {
      socket.on("error", () => socket.destroy());
      socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"));
    },
  );
  server.on("tlsClientError", () => undefined);
  return server;
}
