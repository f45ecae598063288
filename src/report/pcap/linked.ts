// Which events captured packets are of: by cookie, by the mark of their socket, or by what a name server was asked.

import type { Capture, CapturedPacket, PacketOwner } from "../../captured-packet.ts";
import type { ProbeEvent } from "../../schema/event.ts";
import type { Report } from "../../schema/report.ts";

const NS_PER_MS = 1_000_000;
/** The run's own clock begins within that of the wall clock that it states. */
const SLACK_MS = 5;

/** @param report with the names and addresses that the packets have */
export function linked(
  { packets }: Capture,
  { events, startedAt }: Pick<Report, "events" | "startedAt">,
): readonly CapturedPacket[] {
  const byCookie = new Map<number, string[]>();
  const byMark = new Map<number, string[]>();
  const add = (map: Map<number, string[]>, key: number | undefined, id: string) => {
    if (key !== undefined) map.set(key, [...(map.get(key) ?? []), id]);
  };
  for (const event of events) {
    if (event.kind === "probe") add(byCookie, event.cookie, event.id);
    if (event.kind === "probe" || event.kind === "tcp-started") add(byMark, event.mark, event.id);
  }
  const startedMs = Date.parse(startedAt);
  const idsOf = ({ cookie, mark, question }: PacketOwner, atMs: number): readonly string[] => {
    const own = cookie === null ? undefined : byCookie.get(cookie);
    if (own !== undefined) return own;
    if (question !== undefined) return exchangeOf(events, question, atMs);
    return (mark === null ? undefined : byMark.get(mark)) ?? [];
  };
  return packets.map((packet) => {
    const atMs = Number(packet.atNs) / NS_PER_MS - startedMs;
    return { ...packet, of: { ...packet.of, events: idsOf(packet.of, atMs) } };
  });
}

/** The first exchange of that question that ended behind the packet: an event is the end of one. */
function exchangeOf(
  events: readonly ProbeEvent[],
  { server, name, type }: NonNullable<PacketOwner["question"]>,
  atMs: number,
): readonly string[] {
  const found = events.find(
    (event) =>
      (event.kind === "dns-reply" || event.kind === "dns-check") &&
      event.transport === "udp" &&
      event.server.replace(/%.*$/, "") === server &&
      event.name.replace(/\.$/, "").toLowerCase() === name.toLowerCase() &&
      event.type === type &&
      event.atMs + SLACK_MS >= atMs,
  );
  return found === undefined ? [] : [found.id];
}
