// The sizes of a run about them, taken apart: what each hop took, and what each protocol alone shows.

import type { Probe } from "../../model/hop.ts";
import type { Path } from "../../model/path.ts";
import type { Protocol } from "../../schema/events/probe.ts";
import type { HopSizes, SizesReport } from "../../schema/hop-mtu.ts";
import { unknownPmtu } from "../../schema/unknown-pmtu.ts";
import type { PmtuEstimate } from "../../schema/verdict.ts";
import { isFromTarget, linkMtuTo, tracedAddress } from "../connection/subject.ts";
import { spoofedEcho } from "../reach/echo-spoofing.ts";
import { seenRewrites } from "../reach/original-datagrams.ts";
import { targetProbes } from "../reach/probes.ts";
import { echoOfNobody } from "../reasons.ts";
import { fragmentFacts } from "./fragments.ts";
import { mssFacts } from "./mss.ts";
import { outboundEvidence, outboundFacts, outboundSizes } from "./outbound.ts";

/** Null in a run that was about something else. */
export function sizesOf(path: Path): SizesReport | null {
  if (path.run?.command !== "mtu") return null;
  const protocols = (["udp", "icmp", "tcp"] as const).map((protocol) => ({
    protocol,
    outbound: outboundOf(path, protocol),
    reason: path.skipped.find(({ probe }) => probe === `${protocol}-sizes`)?.reason ?? null,
  }));
  return {
    linkMtu: linkMtuTo(path, tracedAddress(path)),
    hops: hopSizesOf(path),
    protocols,
    agree: agreement(protocols.map(({ outbound }) => outbound)),
    fragments: fragmentFacts(path),
    mss: { ...mssFacts(path), rewritten: mssRewrite(path) },
  };
}

/** The diagnosis takes no echo reply for a size; here each protocol counts by itself. */
function outboundOf(path: Path, protocol: Protocol): PmtuEstimate {
  const evidence = outboundEvidence(path);
  if (protocol === "tcp") {
    return outboundSizes({ ...evidence, probes: [], packetTooBig: [] }).estimate;
  }
  const spoofed = spoofedEcho(path);
  if (protocol === "icmp" && spoofed !== null) {
    return unknownPmtu(echoOfNobody(spoofed.address));
  }
  const probes = targetProbes(path).filter((probe) => probe.protocol === protocol);
  const packetTooBig = protocol === "udp" ? path.packetTooBig : [];
  return outboundSizes({ ...evidence, probes, packetTooBig, sweep: [] }).estimate;
}

/** No protocol carried what another lost. */
function agreement(estimates: readonly PmtuEstimate[]): boolean | null {
  const known = estimates.filter(({ atLeast, below }) => atLeast !== null || below !== null);
  if (known.length < 2) return null;
  const passed = Math.max(0, ...known.map(({ atLeast }) => atLeast ?? 0));
  const lost = Math.min(...known.map(({ below }) => below ?? Number.POSITIVE_INFINITY));
  return passed < lost;
}

/** A row for each TTL that was probed, the target's own last. */
function hopSizesOf(path: Path): readonly HopSizes[] {
  const probes = targetProbes(path).filter(({ protocol }) => protocol === "udp");
  const reached = probes.filter((probe) => isFromTarget(probe.outcome, probe.address));
  const targetTtl = Math.min(...reached.map(({ ttl }) => ttl));
  const last = Math.max(0, ...probes.filter(isExceeded).map(({ ttl }) => ttl));
  const end = Number.isFinite(targetTtl) ? targetTtl : last;
  const rows = Array.from({ length: end }, (_, n) => n + 1).map((ttl) =>
    rowOf(
      ttl,
      probes.filter((probe) => (ttl === targetTtl ? probe.ttl >= ttl : probe.ttl === ttl)),
    ),
  );
  if (!Number.isFinite(targetTtl)) return rows;
  // TCP data may show more of the whole path than UDP does.
  const { estimate, evidence } = outboundFacts(path);
  return rows.map((one) =>
    one.ttl < targetTtl
      ? one
      : {
          ttl: one.ttl,
          address: one.address,
          atLeast: estimate.atLeast,
          below: estimate.below,
          lost: lostHow(estimate),
          evidence,
        },
  );
}

function lostHow({ below, silent }: PmtuEstimate): HopSizes["lost"] {
  if (below === null) return null;
  return silent ? "silent" : "told";
}

function isExceeded({ outcome }: Probe): boolean {
  return outcome.kind === "time-exceeded";
}

function rowOf(ttl: number, probes: readonly Probe[]): HopSizes {
  const answered = probes.filter(
    (probe) => isExceeded(probe) || isFromTarget(probe.outcome, probe.address),
  );
  const largest = answered.reduce<Probe | null>(
    (best, probe) => (best === null || probe.sizeBytes > best.sizeBytes ? probe : best),
    null,
  );
  const atLeast = largest?.sizeBytes ?? null;
  const lost = smallestLost(probes, atLeast ?? 0);
  const from = largest !== null && "from" in largest.outcome ? largest.outcome.from : null;
  return {
    ttl,
    address: from,
    atLeast,
    below: lost?.sizeBytes ?? null,
    lost: lost === null ? null : lost.outcome.kind === "too-big" ? "told" : "silent",
    evidence: [largest, lost].flatMap((probe) => (probe === null ? [] : [probe.id])),
  };
}

/** Twice silent at a hop that answers small probes; or reported as too big. */
function smallestLost(probes: readonly Probe[], passed: number): Probe | null {
  const above = probes.filter(({ sizeBytes }) => sizeBytes > passed && passed > 0);
  const reported = above.filter(({ outcome }) => outcome.kind === "too-big");
  const silent = above.filter(
    (probe) =>
      probe.outcome.kind === "no-reply" &&
      above.filter((other) => other.sizeBytes === probe.sizeBytes).length > 1,
  );
  return (
    [...reported, ...silent].reduce<Probe | null>(
      (least, probe) => (least === null || probe.sizeBytes < least.sizeBytes ? probe : least),
      null,
    ) ?? null
  );
}

/** The first router that returns a SYN with another MSS than was sent. */
function mssRewrite(path: Path): SizesReport["mss"]["rewritten"] {
  const seen = seenRewrites(path).find(({ field }) => field === "mss");
  return seen === undefined ? null : { to: Number(seen.quoted), after: seen.after, ttl: seen.ttl };
}
