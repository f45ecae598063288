// The probes that Windows would send: to resolve a name with its servers in turn, and to connect to an address.

import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { decode, encode } from "dns-packet";
import { messageOf } from "../error.ts";
import type { LabHostAnswer, LabHostRequest, ReachRow, ResolveRow } from "./lab-host-protocol.ts";

/** The row of a host snapshot that this gives. */
export async function probeRequest(request: LabHostRequest): Promise<LabHostAnswer> {
  switch (request.try) {
    case "resolve":
      return { kind: "resolve", row: await resolve(request.name, request.servers) };
    case "reach":
      return { kind: "reach", row: await reach(request.address, request.port) };
  }
}

/** Windows waits a second for the first server before it queries the next. */
const DNS_TIMEOUT_MS = 1000;
const CONNECT_TIMEOUT_MS = 3000;
const DNS_PORT = 53;

async function resolve(name: string, servers: readonly string[]): Promise<ResolveRow> {
  const start = performance.now();
  const queried: string[] = [];
  for (const server of servers) {
    queried.push(server);
    const [v4, v6] = await Promise.all([
      askServer(server, name, "A"),
      askServer(server, name, "AAAA"),
    ]);
    if (v4 === null && v6 === null) continue;
    const addresses = [...(v4 ?? []), ...(v6 ?? [])];
    const error = addresses.length === 0 ? "DNS name does not exist" : null;
    return { name, addresses, servers: [server], ms: since(start), error };
  }
  const error = queried.length === 0 ? "no DNS server is configured" : "timeout";
  return { name, addresses: [], servers: queried, ms: since(start), error };
}

/** The addresses; null when the server gave no answer. */
export function askServer(
  server: string,
  name: string,
  type: "A" | "AAAA",
): Promise<readonly string[] | null> {
  return new Promise((done) => {
    const socket = createSocket(server.includes(":") ? "udp6" : "udp4");
    const finish = (result: readonly string[] | null) => {
      clearTimeout(timer);
      socket.close();
      done(result);
    };
    const timer = setTimeout(() => finish(null), DNS_TIMEOUT_MS);
    socket.once("error", () => finish(null));
    socket.once("message", (reply) => finish(addressesIn(reply, type)));
    socket.send(encode({ type: "query", id: 1, questions: [{ name, type }] }), DNS_PORT, server);
  });
}

function addressesIn(reply: Buffer, type: "A" | "AAAA"): readonly string[] {
  const answers = decode(reply).answers ?? [];
  return answers.flatMap((answer) =>
    answer.type === type && typeof answer.data === "string" ? [answer.data] : [],
  );
}

function reach(address: string, port: number): Promise<ReachRow> {
  const start = performance.now();
  return new Promise((done) => {
    const socket = connect({ host: address, port, timeout: CONNECT_TIMEOUT_MS });
    const finish = (error: string | null) => {
      socket.destroy();
      done({ address, port, ok: error === null, ms: since(start), error });
    };
    socket.once("connect", () => finish(null));
    socket.once("timeout", () => finish("timeout"));
    socket.once("error", (error) => finish(messageOf(error)));
  });
}

function since(start: number): number {
  return Math.round((performance.now() - start) * 10) / 10;
}
