// The handshakes of TCP attempts: the SYN, and where it was accepted its answer and the acknowledgement.

import type { ProbeEvent } from "../../../src/schema/event.ts";
import { PROTOCOL } from "../../packet/ip.ts";
import { encodeTcp, TCP_FLAG } from "../../packet/tcp.ts";
import { encodeOptions } from "../../packet/tcp-options.ts";
import type { Endpoints } from "./endpoints.ts";
import { type Ends, ipPacket, type Made, turned, UNKNOWN_PORT, USUAL_TTL } from "./made-packet.ts";
import { mssOf } from "./of-probes.ts";

const WINDOW = 64_240;
const NO_DATA = Buffer.alloc(0);

export function connectionPackets(
  events: readonly ProbeEvent[],
  endpoints: Endpoints,
): readonly Made[] {
  const starts = events.filter((event) => event.kind === "tcp-started");
  return starts.flatMap((start, n) => {
    const local = endpoints(start.address);
    if (local === undefined) return [];
    const { family, source, interface: place } = local;
    const ends = { family, source, destination: start.address.replace(/%.*$/, "") };
    const ports = { own: start.sourcePort ?? UNKNOWN_PORT + n + 1, remote: start.port };
    const sent = { event: start.id, answer: false, place, direction: "outbound" } as const;
    const syn = segment(ends, ports, "syn", encodeOptions({ mss: mssOf(local, start.mss) }));
    const first: Made = { ...sent, atMs: start.atMs, bytes: syn };
    const accepted = events.find(
      (event) =>
        event.kind === "tcp-stage" && event.attempt === start.attempt && event.stage === "connect",
    );
    if (accepted?.kind !== "tcp-stage" || accepted.result.kind !== "ok") return [first];
    const atMs = start.atMs + accepted.sinceStartMs;
    const came = { event: accepted.id, answer: true, place, direction: "inbound" } as const;
    return [
      first,
      { ...came, atMs, bytes: segment(turned(ends), ports, "syn-ack", NO_DATA) },
      { ...sent, event: accepted.id, atMs, bytes: segment(ends, ports, "ack", NO_DATA) },
    ];
  });
}

/** Flags and numbers of each; the first numbers of both ends are not known: 0 stands for them. */
const SEGMENTS = {
  syn: { flags: TCP_FLAG.syn, sequence: 0, acknowledgement: 0 },
  "syn-ack": { flags: TCP_FLAG.syn | TCP_FLAG.ack, sequence: 0, acknowledgement: 1 },
  ack: { flags: TCP_FLAG.ack, sequence: 1, acknowledgement: 1 },
} as const;

function segment(
  ends: Ends,
  ports: { readonly own: number; readonly remote: number },
  kind: keyof typeof SEGMENTS,
  options: Buffer,
): Buffer {
  const isBack = kind === "syn-ack";
  const fields = {
    ...SEGMENTS[kind],
    sourcePort: isBack ? ports.remote : ports.own,
    destinationPort: isBack ? ports.own : ports.remote,
    window: WINDOW,
  };
  const protocol = { ttl: USUAL_TTL, protocol: PROTOCOL.tcp };
  return ipPacket(ends, protocol, encodeTcp(ends, fields, options, NO_DATA));
}
