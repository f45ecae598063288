// From a drop that the kernel reported to the event that a recording keeps.

import type { KernelDrop } from "../../src/schema/events/kernel.ts";
import type { DropEvent } from "./kernel-event.ts";
import { namespaceOf } from "./namespaces.ts";
import { baseName } from "./symbols.ts";

export interface DropNames {
  /** The attempt with a flow's number; undefined for a flow of somebody else. */
  nameOf(flow: number): string | undefined;
  /** From the kernel's monotonic clock to the run's time. */
  sinceStartMs(monotonicMs: number): number;
}

/** Undefined for a flow that is none of this run. */
export function dropBody(event: DropEvent, names: DropNames): KernelDrop | undefined {
  const match = matchOf(event, names);
  if (match === undefined) return undefined;
  const { reason, location, device, packet, icmpSent } = event;
  return {
    kind: "kernel-drop",
    match,
    reason: reason?.name ?? null,
    inferred: reason?.inferred ?? false,
    symbol: location === null ? null : baseName(location.symbol),
    interface: device.interface,
    namespace: namespaceOf(device),
    packet: {
      family: packet.family,
      protocol: packet.protocol,
      ttl: packet.ttl,
      sizeBytes: packet.sizeBytes,
      quoted: packet.quoted,
      icmp: packet.icmp,
      tcpFlags: packet.tcp?.flags ?? null,
    },
    icmpSent,
    droppedAtMs: names.sinceStartMs(event.monotonicMs),
  };
}

function matchOf({ match }: DropEvent, { nameOf }: DropNames): KernelDrop["match"] | undefined {
  if (match.by === "cookie") return { by: "cookie", cookie: match.cookie };
  if (match.by === "mark" || match.by === "address") return { by: "nothing" };
  const attempt = nameOf(match.flow);
  return attempt === undefined ? undefined : { by: "flow", attempt, direction: match.direction };
}
