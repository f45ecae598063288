// A size limit that holds on some of several balanced paths: which source ports meet it, each from which size on.
//
//  1. A packet that is lost shows that its port's limit is smaller; one that passes, that it is not. Sizes of one port are never
//     mixed with those of another.
//  2. Ports are limited where some lose, each time, what others get, and loss alone does not explain it.
//  3. Where the same port fares differently from try to try (a NAT that gives another one, paths chosen by something else), only
//     the shares at each size are known: a range, and no port's.

import type { Path } from "../../model/path.ts";
import type { PmtuEstimate } from "../../schema/verdict.ts";
import { chanceAlike, deadBeyondLoss, strongest } from "../loss/loss-inference.ts";
import { FAILURES, SAME_LOSS } from "../loss/thresholds.ts";
import { perPath } from "../per-path.ts";
import { betweenBytes } from "../reasons.ts";
import { type FlowTry, flowTries, isLimitReported, type Towards } from "./flow-tries.ts";
import type { SizeInterval } from "./size-interval.ts";

/** Ports that have one limit in common, as far as their sizes tell. */
export interface FlowLimit {
  readonly ports: readonly number[];
  /** The largest size that passed, null when none did, and the smallest above it that was lost. */
  readonly passed: number | null;
  readonly failed: number;
  /** One size passed and the next one was lost, more than once, from the same port. */
  readonly exact: boolean;
}

export interface BalancedLimit {
  /** Source ports that were tried, or connections where the port decides nothing. */
  readonly tried: number;
  /** How many of them have a limit. */
  readonly limited: number;
  /** Whether the same ports meet it each time. */
  readonly isByPort: boolean;
  /** The smallest first. */
  readonly limits: readonly [FlowLimit, ...FlowLimit[]];
  /** What the others get in full, in bytes; null where all have limits. */
  readonly openBytes: number | null;
  readonly estimate: PmtuEstimate;
  readonly interval: SizeInterval;
  readonly evidence: readonly string[];
}

/** Null where nothing was tried, or all ports fare alike. */
export const balancedLimits = perPath("balancedLimits", (path) => ({
  inbound: limitOf(path, "inbound"),
  // What a router reports is kept to, and is no silent limit.
  outbound: isLimitReported(path) ? null : limitOf(path, "outbound"),
}));

/**
 * A connection that hung for good at a size of which nothing came since, from the same port, though another port got as much:
 * neither a limit nor none. Where none did, the server is slow, and was not waited for.
 */
export function unsettledTry(path: Path): (FlowTry & { readonly towards: Towards }) | null {
  const ways = isLimitReported(path) ? (["inbound"] as const) : (["inbound", "outbound"] as const);
  const open = ways.flatMap((towards) => {
    if (balancedLimits(path)[towards] !== null) return [];
    const all = flowTries(path, towards);
    const left = portsOf(all).flatMap(({ tries }) => lostAbove(tries));
    const largest = Math.max(
      0,
      ...all.filter((one) => !isLost(one)).map(({ sizeBytes }) => sizeBytes),
    );
    return left.filter(({ sizeBytes }) => largest >= sizeBytes).map((one) => ({ ...one, towards }));
  });
  return open[0] ?? null;
}

/** What the connections of one port came to. */
interface PortTries {
  readonly port: number;
  readonly tries: readonly FlowTry[];
}

function limitOf(path: Path, towards: Towards): BalancedLimit | null {
  const tries = flowTries(path, towards);
  const ports = portsOf(tries);
  return byPort(ports) ?? (ports.filter(isFickle).length < FICKLE ? null : byShare(tries));
}

function portsOf(tries: readonly FlowTry[]): readonly PortTries[] {
  return [...new Set(tries.map(({ port }) => port))].map((port) => ({
    port,
    tries: tries.filter((one) => one.port === port),
  }));
}

function isLost({ result }: FlowTry): boolean {
  return result === "lost";
}

function sizesOf(tries: readonly FlowTry[]): readonly number[] {
  return [...new Set(tries.map(({ sizeBytes }) => sizeBytes))].sort((a, b) => a - b);
}

/** The smallest size at which the ports part beyond what loss explains. */
function byPort(ports: readonly PortTries[]): BalancedLimit | null {
  const alive = ports.filter((one) => !isDeadForAll(one));
  const sizes = sizesOf(alive.flatMap(({ tries }) => tries).filter(isLost));
  const found = sizes.flatMap((size) => {
    const counts = alive
      .map((one) => countAt(size, one))
      .filter(({ missed, answered }) => missed + answered > 0);
    const silent = counts.filter(({ answered, smaller }) => answered === 0 && smaller);
    const others = counts.filter(({ answered }) => answered > 0);
    return deadBeyondLoss(silent, others, sizes.length) ?? [];
  });
  const best = strongest(found);
  if (best === null) return null;
  const sure = best.flows.map(({ of }) => of);
  const limits = limitsOf(alive.filter((one) => sure.includes(one) || isLimited(one)));
  const [smallest, ...larger] = limits;
  if (smallest === undefined) return null;
  const limited = limits.flatMap((limit) => limit.ports);
  const open = alive.filter(({ port }) => !limited.includes(port)).flatMap(({ tries }) => tries);
  const passed = open.filter((one) => !isLost(one)).map(({ sizeBytes }) => sizeBytes);
  return {
    tried: alive.length,
    limited: limited.length,
    isByPort: true,
    limits: [smallest, ...larger],
    openBytes: limited.length === alive.length || passed.length === 0 ? null : Math.max(...passed),
    ...boundsOf(smallest),
    evidence: idsOf(alive.flatMap(({ tries }) => tries)),
  };
}

/** Nothing passes at all: whatever that is, it is not about size. */
function isDeadForAll({ tries }: PortTries): boolean {
  const lost = tries.filter(isLost);
  return lost.length === tries.length && sizesOf(lost).length > 1;
}

/** What is lost at a size would be lost at all larger ones, and what passes would at all smaller ones. */
function countAt(size: number, of: PortTries) {
  const missed = of.tries.filter((one) => isLost(one) && one.sizeBytes <= size).length;
  const passing = of.tries.filter((one) => !isLost(one));
  const answered = passing.filter(({ sizeBytes }) => sizeBytes >= size).length;
  return { of, missed, answered, smaller: passing.some(({ sizeBytes }) => sizeBytes < size) };
}

/** It lost what it was sent, more than once, above all that passed. */
function isLimited({ tries }: PortTries): boolean {
  return lostAbove(tries).length >= FAILURES;
}

/** Of one port: what was lost that is larger than all that passed. */
function lostAbove(tries: readonly FlowTry[]): readonly FlowTry[] {
  const passed = Math.max(
    0,
    ...tries.filter((one) => !isLost(one)).map(({ sizeBytes }) => sizeBytes),
  );
  return tries.filter((one) => isLost(one) && one.sizeBytes > passed);
}

function limitsOf(ports: readonly PortTries[]): readonly FlowLimit[] {
  const limits: FlowLimit[] = [];
  for (const one of ports.map(limitOfPort).sort((a, b) => a.failed - b.failed)) {
    const at = limits.findIndex((limit) => largerPassed(limit, one) < limit.failed);
    const same = limits[at];
    if (same === undefined) limits.push(one);
    else limits[at] = joined(same, one);
  }
  return limits;
}

function largerPassed(one: FlowLimit, other: FlowLimit): number {
  return Math.max(one.passed ?? 0, other.passed ?? 0);
}

/** Both sides of an exact limit are of one port. */
function joined(same: FlowLimit, one: FlowLimit): FlowLimit {
  const passed = largerPassed(same, one);
  const { failed } = same;
  return {
    ports: [...same.ports, ...one.ports].sort((a, b) => a - b),
    passed: passed === 0 ? null : passed,
    failed,
    exact: [same, one].some((own) => own.exact && own.passed === passed && own.failed === failed),
  };
}

function limitOfPort({ port, tries }: PortTries): FlowLimit {
  const passing = tries.filter((one) => !isLost(one)).map(({ sizeBytes }) => sizeBytes);
  const passed = passing.length === 0 ? null : Math.max(...passing);
  const lost = tries.filter(isLost).map(({ sizeBytes }) => sizeBytes);
  const failed = Math.min(...lost.filter((size) => size > (passed ?? 0)));
  const isClosed = passed !== null && failed === passed + 1;
  const isSure = lost.filter((size) => size === failed).length >= FAILURES;
  return { ports: [port], passed, failed, exact: isClosed && isSure };
}

/** Ports that fare differently at one size: one may have met a loss. */
const FICKLE = 2;

function isFickle({ tries }: PortTries): boolean {
  const passed = Math.max(
    0,
    ...tries.filter((one) => !isLost(one)).map(({ sizeBytes }) => sizeBytes),
  );
  return tries.some((one) => isLost(one) && one.sizeBytes <= passed);
}

/** Connections that hang for good, beside others that lose nothing, and none of the small ones. */
const HANGING = 3;

/** Where the ports tell nothing: the largest size at which none hung, beside one at which many do. */
function byShare(tries: readonly FlowTry[]): BalancedLimit | null {
  const sizes = sizesOf(tries);
  const counts = sizes.map((size) => {
    const own = tries.filter(({ sizeBytes }) => sizeBytes === size);
    return { size, sent: own.length, lost: own.filter(isLost).length };
  });
  const [full] = counts.toReversed().filter(({ lost }) => lost >= HANGING);
  const failed = counts.find(({ lost }) => lost > 0)?.size;
  if (full === undefined || failed === undefined || full.sent - full.lost < HANGING) return null;
  // What TCP repeats passes where packets are lost by chance.
  if (tries.some(({ result }) => result === "repaired")) return null;
  const below = counts.filter(({ size }) => size < failed);
  const passed = below.at(-1)?.size;
  const small = { sent: below.reduce((sum, { sent }) => sum + sent, 0), lost: 0 };
  if (passed === undefined || chanceAlike(small, full) >= SAME_LOSS) return null;
  const limit = { ports: [], passed, failed, exact: false };
  return {
    tried: full.sent,
    limited: full.lost,
    isByPort: false,
    limits: [limit],
    openBytes: full.size,
    ...boundsOf(limit),
    evidence: idsOf(tries),
  };
}

function idsOf(tries: readonly FlowTry[]): readonly string[] {
  return tries.map(({ id }) => id);
}

function boundsOf({
  passed,
  failed,
  exact,
}: FlowLimit): Pick<BalancedLimit, "estimate" | "interval"> {
  const estimate: PmtuEstimate = {
    bytes: exact ? passed : null,
    exact,
    atLeast: passed,
    below: failed,
    basis: "tcp",
    silent: true,
    reason: exact ? null : betweenBytes(passed ?? "an unknown size", failed - 1),
  };
  return { estimate, interval: { passed, failed, ambiguous: null, lost: [] } };
}
