// What the original datagrams in ICMP errors show of our probes: fields that somebody in front of the router rewrote.

import type { Probe } from "../../model/hop.ts";
import type { Path } from "../../model/path.ts";
import type { OriginalDatagram, Rewritten } from "../../schema/events/probe.ts";
import { isFromTarget } from "../connection/subject.ts";
import { perPath } from "../per-path.ts";
import { targetProbes } from "./probes.ts";

/** A field that original datagrams show rewritten from one hop on. */
export interface SeenRewrite {
  readonly field: Field;
  readonly sent: string | number;
  readonly quoted: string | number;
  /** The last hop whose original datagram shows it as it was sent; 0 is this machine. */
  readonly after: number;
  /** The first whose original datagram shows it rewritten. */
  readonly ttl: number;
  readonly evidence: readonly string[];
}

/** Fields of which it is certain whether an original datagram holds them; those that routers alter only there are left out. */
const FIELDS = [
  "source",
  "source-port",
  "destination",
  "destination-port",
  "traffic-class",
  "dont-fragment",
  "mss",
] as const satisfies readonly Rewritten["field"][];
type Field = (typeof FIELDS)[number];

type Returned = Probe & { readonly quote: OriginalDatagram };

/**
 *  1. An original datagram shows the probe as it arrived at the router, so a field that is rewritten in it was
 *     rewritten between the last hop that returns it as sent and this one.
 *  2. Certain only if no later one of the same protocol shows it as sent: a NAT on the return path may
 *     restore what it changed, and then nothing is reported.
 */
export const seenRewrites = perPath("seenRewrites", computeSeenRewrites);

function computeSeenRewrites(path: Path): readonly SeenRewrite[] {
  const probes = originalDatagramsOf(path);
  const protocols = [...new Set(probes.map(({ protocol }) => protocol))];
  const found = protocols.flatMap((protocol) => {
    const own = probes.filter((probe) => probe.protocol === protocol);
    return FIELDS.flatMap((field) => rewriteOf(field, own));
  });
  return found.filter(
    (one, n) => !found.slice(0, n).some(({ field, ttl }) => field === one.field && ttl === one.ttl),
  );
}

function originalDatagramsOf(path: Path): readonly Returned[] {
  return targetProbes(path).flatMap((probe) => {
    const { quote: original, purpose, outcome } = probe;
    const isHop = outcome.kind === "time-exceeded" || isFromTarget(outcome, probe.address);
    const counts = purpose === "hop" && isHop;
    return original !== null && counts ? [{ ...probe, quote: original }] : [];
  });
}

function rewriteOf(field: Field, probes: readonly Returned[]): readonly SeenRewrite[] {
  const changed = probes.flatMap((probe) => {
    const change = probe.quote.rewritten.find((one) => one.field === field);
    return change === undefined ? [] : [{ probe, change }];
  });
  const [first] = changed.sort((a, b) => a.probe.ttl - b.probe.ttl);
  if (first === undefined) return [];
  const kept = probes.filter(
    ({ quote: original }) =>
      holds(original, field) && !original.rewritten.some((one) => one.field === field),
  );
  const { ttl, id } = first.probe;
  if (kept.some((probe) => probe.ttl >= ttl)) return [];
  const last = kept.reduce<Returned | null>(
    (far, probe) => (far === null || probe.ttl > far.ttl ? probe : far),
    null,
  );
  const evidence = last === null ? [id] : [last.id, id];
  const { sent, quoted: original } = first.change;
  return [{ field, sent, quoted: original, after: last?.ttl ?? 0, ttl, evidence }];
}

/** Whether an original datagram is long enough, and the engine sees enough of it, to show the field. */
function holds(original: OriginalDatagram, field: Field): boolean {
  switch (field) {
    case "source":
    case "destination":
      return original[field] !== null;
    case "source-port":
      return original.sourcePort !== null;
    case "destination-port":
      return original.destinationPort !== null;
    case "traffic-class":
    case "dont-fragment":
      return original.trafficClass !== null;
    case "mss":
      return original.mss !== null;
  }
}
