// The packets of a run made from its events: what its sockets saw, where no capture saw the packets themselves.

import type { CapturedPacket } from "../../../src/captured-packet.ts";
import type { ProbeEvent } from "../../../src/schema/event.ts";
import { endpointsOf } from "./endpoints.ts";
import type { Made } from "./made-packet.ts";
import { connectionPackets } from "./of-connections.ts";
import { datagramPackets } from "./of-datagrams.ts";
import { namePackets } from "./of-names.ts";
import { probePackets } from "./of-probes.ts";

/** In the order of their times; the same of the same events. */
export function rebuildPackets(events: readonly ProbeEvent[]): readonly CapturedPacket[] {
  const started = events.find((event) => event.kind === "run-started");
  if (started?.kind !== "run-started") return [];
  const startedNs = BigInt(Date.parse(started.startedAt) || 0) * NS_PER_MS;
  const endpoints = endpointsOf(events);
  const made: readonly Made[] = [
    ...probePackets(events, endpoints, started.target.port),
    ...connectionPackets(events, endpoints),
    ...datagramPackets(events, endpoints),
    ...namePackets(events, endpoints),
  ];
  return made
    .map(({ atMs, bytes, event, answer, place, direction }) => ({
      atNs: startedNs + BigInt(Math.round(atMs * NS_OF_MS)),
      place,
      direction,
      bytes,
      originalBytes: bytes.length,
      of: { answer, events: [event], cookie: null, mark: null },
    }))
    .sort((a, b) => (a.atNs < b.atNs ? -1 : a.atNs > b.atNs ? 1 : 0));
}

const NS_OF_MS = 1_000_000;
const NS_PER_MS = BigInt(NS_OF_MS);
