// The outbound PMTU as UDP answers, ICMP errors with an MTU and acknowledged TCP data show it.

import type { Attempt } from "../../model/connections.ts";
import type { Probe } from "../../model/hop.ts";
import type { Path } from "../../model/path.ts";
import { unknownPmtu } from "../../schema/unknown-pmtu.ts";
import type { PmtuEstimate } from "../../schema/verdict.ts";
import { lastInfo, sentBytes, unacknowledged } from "../connection/attempt.ts";
import { isFromTarget, linkMtuTo, tracedAddress, tracedRoute } from "../connection/subject.ts";
import { isLoss, measuredLoss } from "../loss/loss-measurement.ts";
import { FAILURES, SILENCES, SIZE_SILENT_BY_LOSS } from "../loss/thresholds.ts";
import { perPath } from "../per-path.ts";
import { targetProbes } from "../reach/probes.ts";
import { type BalancedLimit, balancedLimits } from "./balanced.ts";
import { believed, notified, refusedUnnamed } from "./named-limits.ts";
import { sizeInterval } from "./size-interval.ts";

export interface OutboundFacts {
  readonly estimate: PmtuEstimate;
  /** Who sent the ICMP error that is believed, null when nobody or it could only be counted. */
  readonly limitReportedBy: string | null;
  /** The last hop that answered at full size, and the first after it that only answers small ones. */
  readonly vanishes: { readonly afterTtl: number; readonly beforeTtl: number } | null;
  /** Whether what was sent so far decides; more TCP data need not be sent. */
  readonly decided: boolean;
  /** The limit holds on some of several balanced paths: it is that of its ports, whatever else was sent. */
  readonly balanced: BalancedLimit | null;
  readonly evidence: readonly string[];
}

const UNKNOWN = unknownPmtu("nothing that was sent in full size was answered");

/** What the outbound sizes are concluded from. */
export interface OutboundEvidence {
  /** To the target, those that are taken for sizes. */
  readonly probes: readonly Probe[];
  /** Of the whole run: an ICMP error that was only counted is shown by any of its size. */
  readonly allProbes: readonly Probe[];
  readonly sweep: readonly Attempt[];
  readonly packetTooBig: Path["packetTooBig"];
  readonly linkMtu: number | null;
  /** What the route had before the run: its own, a cached one, or the link's. */
  readonly routeMtu: number | null;
  /** Of small packets, there and back; 0 where nobody had cause to measure it. */
  readonly lossRate: number;
}

export const outboundFacts = perPath("outboundFacts", (path): OutboundFacts => {
  const facts = outboundSizes(outboundEvidence(path));
  const balanced = balancedLimits(path).outbound;
  if (balanced === null) return facts;
  const { estimate } = balanced;
  const evidence = [...facts.evidence, ...balanced.evidence];
  return { ...facts, balanced, estimate, limitReportedBy: null, decided: true, evidence };
});

export function outboundEvidence(path: Path): OutboundEvidence {
  const address = tracedAddress(path);
  return {
    probes: targetProbes(path).filter(isNoEcho),
    allProbes: path.probes,
    sweep: path.connections["outbound-sweep"],
    packetTooBig: path.packetTooBig,
    linkMtu: linkMtuTo(path, address),
    routeMtu: tracedRoute(path)?.pathMtu ?? null,
    lossRate: rateOfLoss(path),
  };
}

export function outboundSizes(evidence: OutboundEvidence): OutboundFacts {
  const { probes, linkMtu, lossRate } = evidence;
  const tcp = tcpSizes(evidence);
  const answered = probes.filter((probe) => isFromTarget(probe.outcome, probe.address));
  const passed = Math.max(0, ...answered.map((probe) => probe.sizeBytes), tcp.passed ?? 0);
  const vanishes = vanishing(probes);
  const base = { limitReportedBy: null, vanishes, decided: true, balanced: null };

  const reported = believed(probes, passed);
  // A link behind the one that replied may drop even what its message allows.
  const silent = silentSizes(probes, lossRate);
  if (reported !== undefined && !isSwallowed(reported.mtu, passed, { probes, silent, tcp })) {
    const { mtu, below, from } = reported;
    const confirmed = passed >= mtu;
    const estimate: PmtuEstimate = {
      bytes: mtu,
      exact: confirmed,
      atLeast: passed > 0 ? Math.min(passed, mtu) : null,
      below,
      basis: "icmp",
      silent: false,
      reason: confirmed ? null : `named by ${from}; nothing of that size was answered`,
    };
    const shown = idsOf(probes, [mtu, below]);
    // Unconfirmed, TCP data of the named size may still decide.
    return { ...base, decided: confirmed, estimate, limitReportedBy: from, evidence: shown };
  }
  const unread = countedLimit(evidence, silent, passed) ?? notifiedLimit(evidence, passed);
  if (unread !== undefined) return { ...base, ...unread };
  if (linkMtu !== null && passed >= linkMtu) {
    const basis = tcp.passed === passed ? "tcp" : "icmp";
    const estimate = { ...UNKNOWN, bytes: passed, atLeast: passed, basis, reason: null } as const;
    const shown = [...idsOf(answered, [passed]), ...tcp.evidence];
    return { ...base, estimate, evidence: shown };
  }
  return silentLimit({ probes, silent, passed, tcp }, base);
}

/** An echo reply is as large as its request: its silence is no evidence about the outbound path alone. */
function isNoEcho({ protocol }: Probe): boolean {
  return protocol !== "icmp";
}

function isSwallowed(
  mtu: number,
  passed: number,
  { probes, silent, tcp }: Omit<SizesSeen, "passed">,
): boolean {
  if (passed >= mtu) return false;
  const lost = tcp.failed !== null && tcp.failed <= mtu;
  return lost || silent.includes(mtu) || refusedUnnamed(probes).some((one) => one.sizeBytes <= mtu);
}

function rateOfLoss(path: Path): number {
  const measured = measuredLoss(path);
  return measured !== null && isLoss(measured) ? measured.lost / measured.sent : 0;
}

function idsOf(probes: readonly Probe[], sizes: readonly (number | null)[]): readonly string[] {
  return probes.filter((probe) => sizes.includes(probe.sizeBytes)).map((probe) => probe.id);
}

/**
 * ICMP errors without an MTU: over IPv6 the kernel counted packet too big messages at sizes that were not answered;
 * over IPv4 routers of before RFC 1191 name none, and what is silent beside them got no more of their few messages.
 */
function countedLimit(
  { packetTooBig, probes, allProbes }: OutboundEvidence,
  silent: readonly number[],
  passed: number,
) {
  const refused = [...packetTooBig, ...refusedUnnamed(probes)].filter(
    (one) => one.sizeBytes > passed,
  );
  if (refused.length === 0) return undefined;
  const beside = silent.filter((size) => size > passed);
  const below = Math.min(...refused.map((one) => one.sizeBytes), ...beside);
  const exact = passed > 0 && below === passed + 1;
  const estimate: PmtuEstimate = {
    bytes: exact ? passed : null,
    exact,
    atLeast: passed > 0 ? passed : null,
    below,
    basis: "icmp",
    silent: false,
    reason: exact
      ? null
      : "ICMP errors about too large packets came, and no answered size is next to the refused one",
  };
  const evidence = [
    ...refused.filter((one) => one.sizeBytes === below).map((one) => one.id),
    ...idsOf(allProbes, [passed, below]),
  ];
  return { estimate, evidence };
}

/** What no probe got back, and TCP did. */
function notifiedLimit({ sweep, routeMtu }: OutboundEvidence, passed: number) {
  const known = notified(sweep, routeMtu);
  if (known === undefined || known.mtu < passed) return undefined;
  const exact = passed === known.mtu;
  const estimate: PmtuEstimate = {
    bytes: known.mtu,
    exact,
    atLeast: passed > 0 ? passed : null,
    below: routeMtu,
    basis: "icmp",
    silent: false,
    reason: exact ? null : "an ICMP error named it to TCP; nothing of that size was answered",
  };
  return { estimate, evidence: [known.id] };
}

interface TcpSizes {
  readonly passed: number | null;
  readonly failed: number | null;
  readonly evidence: readonly string[];
}

/** What the padded first flights showed: acknowledged in full size, or sent again and again. */
function tcpSizes({ sweep }: Pick<OutboundEvidence, "sweep">): TcpSizes {
  const results = sweep.flatMap((attempt) => {
    const info = lastInfo(attempt);
    if (info === null) return [];
    const sizeBytes = sentBytes(info, attempt.family);
    const acked = (info.bytesAcked ?? 0) >= info.sndMss;
    if (!acked && !unacknowledged(info)) return [];
    return [{ sizeBytes, passed: acked, id: attempt.ended?.id ?? attempt.id }];
  });
  const { passed, failed: smallest } = sizeInterval(results);
  const failures = results.filter((one) => !one.passed && one.sizeBytes >= (smallest ?? 0));
  const failed = failures.length < FAILURES ? null : smallest;
  const evidence = results
    .filter((result) => result.sizeBytes === passed || result.sizeBytes === failed)
    .map((result) => result.id);
  return { passed, failed, evidence };
}

type Base = Pick<OutboundFacts, "limitReportedBy" | "vanishes" | "balanced">;

interface SizesSeen {
  readonly probes: readonly Probe[];
  readonly silent: readonly number[];
  readonly passed: number;
  readonly tcp: TcpSizes;
}

function silentLimit({ probes, silent: sizes, passed, tcp }: SizesSeen, base: Base): OutboundFacts {
  if (tcp.failed !== null && tcp.failed > passed) {
    const estimate = between(passed, tcp.failed, "tcp");
    const evidence = [...tcp.evidence, ...idsOf(probes, [passed, tcp.failed])];
    return { ...base, estimate, decided: true, evidence };
  }
  const silent = sizes.filter((size) => size > passed);
  if (silent.length > 0 && passed > 0) {
    const below = Math.min(...silent);
    const estimate = between(passed, below, "silence");
    return { ...base, estimate, decided: estimate.exact, evidence: idsOf(probes, [passed, below]) };
  }
  const atLeast = passed > 0 ? passed : null;
  const known = tcp.passed === passed ? "tcp" : "icmp";
  const basis = atLeast === null ? "unknown" : known;
  const estimate: PmtuEstimate = { ...UNKNOWN, bytes: atLeast, atLeast, basis };
  return { ...base, estimate, decided: false, evidence: [] };
}

/** A silent limit between the largest size that passed (0: none) and the smallest that did not. */
function between(passed: number, below: number, basis: "tcp" | "silence"): PmtuEstimate {
  const exact = below === passed + 1;
  return {
    bytes: exact ? passed : null,
    exact,
    atLeast: passed > 0 ? passed : null,
    below,
    basis,
    // Where nothing passed at all, size is not what stops it.
    silent: passed > 0,
    reason: exact ? null : `between ${passed} and ${below - 1} bytes: larger ones got no answer`,
  };
}

/**
 * Sizes to the target that stayed silent SILENCES times, and the next probe was answered each time:
 * without that, the silence may be the target's rate limit for ICMP. Where packets of any size are
 * lost it takes more of them.
 */
function silentSizes(probes: readonly Probe[], lossRate: number): readonly number[] {
  const asked = probes.filter((probe) => probe.ttl >= LARGE_TTL);
  const silent = asked.filter((probe, n) => {
    const next = asked[n + 1];
    const couldAnswer = next !== undefined && isFromTarget(next.outcome, next.address);
    return probe.purpose === "size" && probe.outcome.kind === "no-reply" && couldAnswer;
  });
  return [...new Set(silent.map((probe) => probe.sizeBytes))].filter((size) => {
    const attempts = silent.filter((probe) => probe.sizeBytes === size).length;
    return attempts >= SILENCES && lossRate ** attempts < SIZE_SILENT_BY_LOSS;
  });
}

/** TTLs from here on are meant to reach the target. */
const LARGE_TTL = 64;

/** Between which two hops full-size packets stop being answered, while small ones are. */
function vanishing(probes: readonly Probe[]): OutboundFacts["vanishes"] {
  const atHop = probes.filter((probe) => probe.ttl < LARGE_TTL);
  const answers = (probe: Probe) =>
    probe.outcome.kind === "time-exceeded" || isFromTarget(probe.outcome, probe.address);
  const big = atHop.filter((probe) => probe.purpose === "size");
  const passing = big.filter(answers).map((probe) => probe.ttl);
  const afterTtl = Math.max(0, ...passing);
  const silent = big.filter(
    (probe) =>
      probe.ttl > afterTtl &&
      !passing.includes(probe.ttl) &&
      atHop.some((other) => other.ttl === probe.ttl && other.purpose !== "size" && answers(other)),
  );
  if (silent.length === 0) return null;
  return { afterTtl, beforeTtl: Math.min(...silent.map((probe) => probe.ttl)) };
}
