// Whether UDP to the port of the target passes, where its own answer offers QUIC there.
//
// A packet of a reserved version is enough: every QUIC server answers it with the versions it has
// (RFC 9000 s.6.1), no key and no connection is needed, and nothing is left at the server.

import { randomBytes } from "node:crypto";
import dgram from "node:dgram";
import { http3Port } from "../../src/facts/connection/alt-svc.ts";
import { defaultAttempt } from "../../src/facts/connection/subject.ts";
import type { ProbeContext } from "../../src/probe.ts";
import type { QuicProbe } from "../../src/schema/events/web.ts";
import { encodeVersionTrigger, readVersionNegotiation } from "../packet/quic.ts";

/** One lost datagram is no filter: four leave, the last with time for its answer. */
const SENDS_AT_MS = [0, 200, 500, 900] as const;
const WAIT_MS = 1800;
const ID_BYTES = 8;

/** Probes only where the answer of the default attempt offers HTTP/3. */
export async function askQuic(context: ProbeContext): Promise<void> {
  const attempt = defaultAttempt(context.path());
  const port = http3Port(attempt?.altSvc?.value ?? "");
  if (attempt === undefined || port === null || context.signal.aborted) return;
  const { address } = attempt;
  const { waited, sent, result } = await exchange(address, port, context);
  if (context.signal.aborted && result.kind === "no-reply") return;
  const rttMs = result.kind === "version-negotiation" ? waited : null;
  context.emit({ kind: "quic-probe", address, port, outcome: result, rttMs, sent });
}

interface Exchange {
  readonly waited: number;
  readonly sent: number;
  readonly result: QuicProbe["outcome"];
}

function exchange(
  address: string,
  port: number,
  { clock, signal }: ProbeContext,
): Promise<Exchange> {
  return new Promise((resolve) => {
    const ids = { destination: randomBytes(ID_BYTES), source: randomBytes(ID_BYTES) };
    const socket = dgram.createSocket(address.includes(":") ? "udp6" : "udp4");
    const timers: NodeJS.Timeout[] = [];
    const startedMs = clock.now();
    let sent = 0;
    let over = false;
    const end = (result: QuicProbe["outcome"]) => {
      if (over) return;
      over = true;
      for (const timer of timers) clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      socket.close();
      resolve({ waited: clock.now() - startedMs, sent, result });
    };
    const stop = () => end({ kind: "no-reply", waitedMs: clock.now() - startedMs });
    const failed = (error: Error) => end({ kind: "unreachable", error: codeOf(error) });
    signal.addEventListener("abort", stop, { once: true });
    socket.on("error", failed);
    socket.on("message", (message) => {
      const versions = readVersionNegotiation(message, ids);
      if (versions !== undefined) end({ kind: "version-negotiation", versions: [...versions] });
    });
    // Not as connect's callback, which would be called for an error too (Node's lib/dgram.js).
    socket.on("connect", () => {
      if (over) return;
      const send = () => {
        sent += 1;
        socket.send(encodeVersionTrigger(ids), (error) => error && failed(error));
      };
      for (const atMs of SENDS_AT_MS) timers.push(setTimeout(send, atMs));
      timers.push(setTimeout(stop, WAIT_MS));
    });
    socket.connect(port, address);
  });
}

function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : error.message;
}
