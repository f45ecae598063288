// Passed and stalled sizes brought together: between which two sizes the limit lies.

import { SIZE_FAILED_BY_LOSS } from "../loss/thresholds.ts";

export interface SizeResult {
  readonly sizeBytes: number;
  readonly passed: boolean;
}

export interface SizeInterval {
  /** The largest size that passed, null when none did. */
  readonly passed: number | null;
  /** The smallest size above it that never passed, and not for loss; null when there is none. */
  readonly failed: number | null;
  /** A smaller one yet that loss may explain: to be tried again. Null where loss has shown no sign. */
  readonly ambiguous: number | null;
  /** Sizes below `passed` that failed at least once: loss, not a size limit. */
  readonly lost: readonly number[];
}

/**
 * A size that passed once can pass: only sizes that never did, above all that did, are a limit. On a
 * path that loses packets, they must have failed more often than the share of sizes that fail below
 * the limit explains (the likelihood of each possible limit beside that of the largest size that passed).
 * @param isLossy whether something else than these sizes shows that the path loses packets
 */
export function sizeInterval(results: readonly SizeResult[], isLossy = false): SizeInterval {
  const passing = results.filter((result) => result.passed).map((result) => result.sizeBytes);
  const passed = passing.length === 0 ? null : Math.max(...passing);
  const stalled = results.filter((result) => !result.passed).map((result) => result.sizeBytes);
  const above = stalled.filter((size) => size > (passed ?? 0)).sort((a, b) => a - b);
  const lost = stalled.filter((size) => passed !== null && size <= passed);
  const first = above[0] ?? null;
  if (!isLossy && lost.length === 0) return { passed, failed: first, ambiguous: null, lost };
  const share = (lost.length + 1) / (lost.length + passing.length + 2);
  const failed =
    above.find((_, n) => share ** failuresUpTo(above, n) < SIZE_FAILED_BY_LOSS) ?? null;
  return { passed, failed, ambiguous: failed === first ? null : first, lost };
}

/** Failures of the n-th size and of all below it: they are loss if that size can pass. */
function failuresUpTo(sizes: readonly number[], n: number): number {
  return sizes.filter((size) => size <= (sizes[n] ?? 0)).length;
}

/** MTUs that links and tunnels commonly have, in bytes; each is tried with its neighbour above. */
export const COMMON_MTUS = [
  // The smallest that IPv6 allows (RFC 8200 s.5), also Tailscale and many VPN clients.
  1280, 1300, 1340, 1350, 1360, 1380, 1390, 1400, 1406, 1412, 1420, 1428, 1430, 1436, 1440, 1450,
  1460, 1472, 1476, 1480, 1492,
  // Ethernet; jumbo frames of clouds: a transit gateway of AWS, a network of Google's, an instance of AWS.
  1500,
  8500, 8896, 9001,
] as const;

/**
 * The next sizes to probe inside an open interval, the most decisive first.
 * @param candidates sizes that something names as a limit: each is tried with its neighbour above
 * @param room how many sizes may be tried at once
 * @param left how many may be tried in all until the interval has to be closed
 */
export function nextSizes(
  interval: { readonly above: number; readonly below: number },
  candidates: readonly number[],
  room: number,
  left = Number.POSITIVE_INFINITY,
): readonly number[] {
  const { above, below } = interval;
  const inside = (size: number) => size > above && size < below;
  const width = below - above;
  const most = Math.min(room, left);
  if (most < 1) return [];
  if (width - 1 <= most)
    return Array.from({ length: Math.max(0, width - 1) }, (_, n) => above + 1 + n);
  if (spreadOver(width, most, left) === null) {
    const guided = byCandidates(interval, candidates, { most, left });
    if (guided.length > 0) return guided;
  }
  // Candidates may all be wrong: half of the room goes to what closes the interval anyway, and all of it where little is left.
  const pairs = candidates.flatMap((candidate) => [candidate, candidate + 1]).filter(inside);
  const likely = [...new Set(pairs)].slice(0, Math.floor(most / 2));
  const beside = spreadOver(width, most - likely.length, left - likely.length);
  const chosen = new Set(beside === null ? [] : likely);
  const spread = beside ?? spreadOver(width, most, left) ?? 1;
  for (let n = 1; n <= spread; n++) chosen.add(above + Math.round((n * width) / (spread + 1)));
  return [...chosen].sort((a, b) => a - b);
}

/**
 * Where too few are left to close the interval blindly: the size above each candidate tells whether the limit is
 * larger, so that they halve the candidates; the last of them, right below a size that failed, is then the limit or not.
 */
function byCandidates(
  { above, below }: { readonly above: number; readonly below: number },
  candidates: readonly number[],
  { most, left }: { readonly most: number; readonly left: number },
): readonly number[] {
  const next = [...new Set(candidates.map((candidate) => candidate + 1))]
    .filter((size) => size > above && size < below)
    .sort((one, other) => one - other);
  const last = candidates.includes(below - 1) && below - 1 > above ? [below - 1] : [];
  if (last.length > 0 && next.length <= 1) return [...next, ...last].slice(-most);
  const room = Math.min(next.length, spreadOver(next.length + 1, most, left - 1) ?? 1);
  return Array.from({ length: room }, (_, n) => {
    return next[Math.floor(((n + 1) * next.length) / (room + 1))] ?? below - 1;
  });
}

/**
 * How many sizes, evenly spread in each round, close an interval: in as few rounds as can be, and of those
 * with as few sizes as will do. Few rounds cost many sizes in all: null where not so many are left.
 */
function spreadOver(width: number, room: number, left: number): number | null {
  for (let rounds = 1; 2 ** (rounds - 1) < width; rounds++) {
    const spread = partsFor(width, rounds) - 1;
    if (spread <= room && spread * rounds <= left) return spread;
  }
  return null;
}

/** The smallest number of parts that, taken so often of one another, leave nothing of that width to be divided. */
function partsFor(width: number, rounds: number): number {
  const parts = Math.max(2, Math.floor(width ** (1 / rounds)));
  return parts ** rounds >= width ? parts : parts + 1;
}
