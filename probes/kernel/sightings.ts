// Where this kernel saw each probe and each connection, from the socket outward and back: the first sighting of a kind.

import type { KernelProbe } from "../../src/schema/events/kernel.ts";
import type { DropEvent, Endpoints, KernelEvent, StageEvent } from "./kernel-event.ts";
import { namespaceOf } from "./namespaces.ts";

export interface Sightings {
  add(event: KernelEvent): void;
  all(): readonly Omit<KernelProbe, "kind">[];
}

export interface SightingNames {
  /** The attempt with a flow's number; undefined for a flow of somebody else. */
  nameOf(flow: number): string | undefined;
  /** The cookie of the run's packet with that mark. */
  cookieOf(mark: number): number;
  /** From the kernel's monotonic clock to the run's time. */
  sinceStartMs(monotonicMs: number): number;
}

type Seen = KernelProbe["seen"][number];

interface Followed {
  readonly of: KernelProbe["of"];
  readonly seen: Seen[];
  readonly kinds: Set<string>;
  /** As the packet, and as what answers it, was last seen. */
  readonly ends: Map<boolean, Endpoints>;
}

/** As many as a recording keeps. */
const FOLLOWED_MAX = 1000;

/** What a hook's place in the kernel stands for: what is queued for a device has passed netfilter's last hook. */
const STAGES = { queued: "netfilter", sent: "device", received: "received" } as const;

export function createSightings(names: SightingNames): Sightings {
  const followed = new Map<string, Followed>();
  const followedBy = (of: KernelProbe["of"]): Followed | undefined => {
    const key = of.by === "cookie" ? `${of.cookie}` : of.attempt;
    const known = followed.get(key);
    if (known !== undefined || followed.size === FOLLOWED_MAX) return known;
    const made = { of, seen: [], kinds: new Set<string>(), ends: new Map<boolean, Endpoints>() };
    followed.set(key, made);
    return made;
  };
  return {
    add: (event) => {
      const stage = stageOf(event);
      const of = stage === null ? undefined : whose(event, names);
      const one = of === undefined ? undefined : followedBy(of);
      if (stage === null || one === undefined) return;
      const seen = firstOfKind(one, event, stage);
      if (seen !== null) one.seen.push({ ...seen, atMs: names.sinceStartMs(event.monotonicMs) });
    },
    all: () => [...followed.values()].map(({ of, seen }) => ({ of, seen })),
  };
}

/** Null where the like was seen before. */
function firstOfKind(
  { kinds, ends: known }: Followed,
  event: KernelEvent,
  stage: Seen["stage"],
): Omit<Seen, "atMs"> | null {
  const answer = isAnswer(event);
  const { interface: device, netns } = event.device;
  const kind = `${stage} ${answer} ${netns} ${device}`;
  if (kinds.has(kind)) return null;
  kinds.add(kind);
  const { ends = null } = event;
  const isNew = ends !== null && !isSame(known.get(answer), ends);
  if (ends !== null) known.set(answer, ends);
  return {
    stage,
    answer,
    interface: device,
    namespace: namespaceOf(event.device),
    ttl: event.packet.ttl,
    ...(isNew ? { ends } : {}),
    ...(event.kind === "drop" ? { reason: event.reason?.name ?? null } : {}),
  };
}

function stageOf(event: KernelEvent): Seen["stage"] | null {
  if (event.kind === "drop") return "dropped";
  const { stage } = event;
  return stage === "queued" || stage === "sent" || stage === "received" ? STAGES[stage] : null;
}

function whose({ match }: KernelEvent, names: SightingNames): KernelProbe["of"] | undefined {
  switch (match.by) {
    case "cookie":
      return { by: "cookie", cookie: match.cookie };
    case "mark":
      return { by: "cookie", cookie: names.cookieOf(match.mark) };
    case "flow": {
      const attempt = names.nameOf(match.flow);
      return attempt === undefined ? undefined : { by: "attempt", attempt };
    }
    case "address":
      return undefined;
  }
}

/** RFC 792, RFC 4443: echo replies. */
const ECHO_REPLIES: Readonly<Record<number, number>> = { 1: 0, 58: 129 };
/** RFC 9293 */
const TCP_ACK = 0x10;

/** An error about the probe, a reply to it, or whatever goes the other way of a connection. */
function isAnswer({ match, packet }: StageEvent | DropEvent): boolean {
  const { quoted: original, protocol, icmp, tcp } = packet;
  // An error about what was sent comes back, and one about what came goes out.
  if (match.by === "flow") return (match.direction === "in") !== original;
  if (original || (icmp !== null && ECHO_REPLIES[protocol] === icmp.type)) return true;
  // A SYN is known by its own number, or by its mark; what acknowledges that number has none.
  return match.by === "cookie" && ((tcp?.flags ?? 0) & TCP_ACK) !== 0;
}

function isSame(one: Endpoints | undefined, other: Endpoints): boolean {
  return (
    one !== undefined &&
    one.source === other.source &&
    one.destination === other.destination &&
    one.sourcePort === other.sourcePort &&
    one.destinationPort === other.destinationPort
  );
}
