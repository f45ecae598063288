// How long the outbound PMTU takes: from the first probe of the way out to the last event that is about outbound sizes.

import type { ProbeEvent } from "../../src/schema/event.ts";

/** Milliseconds; null where a run probed no outbound size. */
export function outboundMs(events: readonly ProbeEvent[]): number | null {
  const probes = events.flatMap((event) => (event.kind === "probe" ? [event] : []));
  const sweep = new Set(
    events.flatMap((event) =>
      event.kind === "tcp-started" && event.purpose === "outbound-sweep" ? [event.attempt] : [],
    ),
  );
  const ends = events.flatMap((event) => {
    const isSize = event.kind === "probe" && event.purpose === "size";
    // What the kernel saw of an attempt is told when the whole run ends.
    const isTcp = event.kind === "tcp-stage" || event.kind === "tcp-ended";
    const isSweep = isTcp && sweep.has(event.attempt);
    return isSize || isSweep ? [event.atMs] : [];
  });
  const [first] = probes;
  return first === undefined || ends.length === 0 ? null : Math.max(...ends) - first.sentAtMs;
}
