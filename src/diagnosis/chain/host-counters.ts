// What pktmon counted as dropped, laid over the segments of Windows that are still unknown.

import type { Facts } from "../../facts/facts.ts";
import { formatHostDrop, hostDrops } from "../../facts/reach/host-counters.ts";
import type { Segment } from "../../schema/verdict.ts";

/** A count has no direction of the distro's, and some drops are copies: evidence, and no status of its own. */
export function applyHostCounters({ path }: Facts, chain: readonly Segment[]): readonly Segment[] {
  const counters = path.hostCounters;
  const drops = hostDrops(path);
  if (counters === null || drops.length === 0) return chain;
  return chain.map((segment) => {
    const own = drops.filter((drop) => drop.segment === segment.kind);
    if (own.length === 0) return segment;
    const words = `Windows counted drops here: ${own.map(formatHostDrop).join("; ")}`;
    const evidence = [...new Set([...segment.evidence, counters.id])];
    return segment.outbound === "ok" && segment.inbound === "ok"
      ? { ...segment, evidence }
      : { ...segment, evidence, reason: segment.reason ?? words };
  });
}
