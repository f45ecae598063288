// What was sent to a target of datagrams, and what came back: headers, as their content is not in the events.

import type { ProbeEvent } from "../../../src/schema/event.ts";
import { encodeEcho } from "../../packet/icmp.ts";
import { PROTOCOL } from "../../packet/ip.ts";
import { encodeUdp } from "../../packet/udp.ts";
import { answered, answerTo } from "./answer.ts";
import type { Endpoints } from "./endpoints.ts";
import { type Ends, ipPacket, type Made, UNKNOWN_PORT, USUAL_TTL } from "./made-packet.ts";

const NO_DATA = Buffer.alloc(0);

export function datagramPackets(
  events: readonly ProbeEvent[],
  endpoints: Endpoints,
): readonly Made[] {
  return events.flatMap((event) => {
    const local = event.kind === "datagram-attempt" ? endpoints(event.address) : undefined;
    if (event.kind !== "datagram-attempt" || local === undefined) return [];
    const { family, source, interface: place } = local;
    const ends = { family, source, destination: event.address.replace(/%.*$/, "") };
    const startedMs = event.atMs - event.ms;
    const bytes = request(ends, event.port);
    const sent: Made = {
      event: event.id,
      answer: false,
      place,
      direction: "outbound",
      atMs: startedMs,
      bytes,
    };
    const came = answered(event.outcome);
    if (came === null) return [sent];
    const answer = answerTo(bytes, ends, came, null);
    const atMs = startedMs + came.rttMs;
    return [sent, { ...sent, answer: true, direction: "inbound" as const, atMs, bytes: answer }];
  });
}

function request(ends: Ends, port: number | null): Buffer {
  if (port === null) {
    const protocol = ends.family === 4 ? PROTOCOL.icmp : PROTOCOL.icmpv6;
    const echo = encodeEcho(ends.family, ends, { id: UNKNOWN_PORT, sequence: 1 }, NO_DATA);
    return ipPacket(ends, { ttl: USUAL_TTL, protocol }, echo);
  }
  const datagram = encodeUdp(ends, { source: UNKNOWN_PORT, destination: port }, NO_DATA);
  return ipPacket(ends, { ttl: USUAL_TTL, protocol: PROTOCOL.udp }, datagram);
}
