// What both runs measured: the verdict, the stages of the attempt, sizes, and the addresses that the target has.

import type { Report } from "../../schema/report.ts";
import type { PmtuEstimate } from "../../schema/verdict.ts";
import { oversize } from "../words/finding.ts";
import { type Area, type Change, compareValues, type Differences, listed, NONE } from "./change.ts";
import type { Side } from "./side.ts";

export function verdictDifference({ verdict: was }: Report, { verdict: is }: Report): Differences {
  return changed("verdict", "verdict", was, is);
}

/** A stage that was not reached says nothing. */
export function stageDifferences(before: Report, after: Report): Differences {
  const changes = before.stages.flatMap(({ stage, status: was }) => {
    const is = after.stages.find((one) => one.stage === stage)?.status;
    if (!isKnown(was) || is === undefined || !isKnown(is) || was === is) return [];
    return [{ area: "stages", what: stage, before: was, after: is } as const];
  });
  return { ...NONE, changes };
}

function isKnown(status: Report["stages"][number]["status"]): boolean {
  return status === "ok" || status === "failed";
}

/** Two estimates differ where no size of a path can be both. */
export function sizeDifferences({ pmtu: before }: Report, { pmtu: after }: Report): Differences {
  const changes = (["outbound", "inbound"] as const).flatMap((direction): readonly Change[] => {
    const [was, is] = [before[direction], after[direction]];
    if (mayBeEqual(was, is)) return [];
    return [{ area: "sizes", what: direction, before: sizeOf(was), after: sizeOf(is) }];
  });
  return { ...NONE, changes };
}

function mayBeEqual(one: PmtuEstimate, other: PmtuEstimate): boolean {
  const [a, b] = [rangeOf(one), rangeOf(other)];
  if (a.least >= b.below || b.least >= a.below) return false;
  // A limit that starts to say nothing breaks what worked.
  return one.below === null || other.below === null || one.silent === other.silent;
}

function rangeOf({ bytes, exact, atLeast, below }: PmtuEstimate) {
  const least = (exact ? bytes : atLeast) ?? 0;
  return { least, below: below ?? (exact ? least + 1 : Number.POSITIVE_INFINITY) };
}

function sizeOf(estimate: PmtuEstimate): string {
  const { bytes, exact, atLeast, below, silent } = estimate;
  const size = bytes ?? atLeast;
  if (size === null && below === null) return "unknown";
  const passes = size === null ? "unknown" : `${exact ? "" : "at least "}${size} bytes`;
  return below === null && !silent
    ? passes
    : `${passes}, packets ${oversize(estimate)} ${silent ? "vanish" : "are answered by an ICMP error"}`;
}

export function targetDifferences(before: Side, after: Side): Differences {
  const [was, is] = [before.report.target, after.report.target];
  const named = changed("target", "target", `${was.host}:${was.port}`, `${is.host}:${is.port}`);
  // Another name has other addresses.
  return named.changes.length > 0 ? named : answerDifferences(before, after);
}

function answerDifferences(before: Side, after: Side): Differences {
  const [was, is] = [before, after].map(({ path }) => {
    const addresses = path.addresses?.addresses;
    return addresses === undefined ? null : listed(addresses.map(({ address }) => address));
  });
  const found = (text: string | null | undefined) =>
    text == null ? null : new Map([[before.report.target.host, text]]);
  return compareValues("dns", found(was), found(is));
}

function changed(area: Area, what: string, before: string, after: string): Differences {
  return before === after ? NONE : { ...NONE, changes: [{ area, what, before, after }] };
}
