// What was found in one run and not in the other: no change where the other could not have found it.

import { causeOf } from "../../diagnosis/causes/list.ts";
import type { Report } from "../../schema/report.ts";
import { type Finding, segmentKind } from "../../schema/verdict.ts";
import { formatLocation, rootCause } from "../text-findings.ts";
import { type Change, type Differences, NONE, together } from "./change.ts";

export function findingDifferences(before: Report, after: Report): Differences {
  const stopping = [...before.findings, ...after.findings].filter(isNoNote);
  const causes = new Set(stopping.map(({ cause }) => cause));
  return together([...causes].map((cause) => causeDifference(cause, before, after)));
}

function causeDifference(cause: string, before: Report, after: Report): Differences {
  const [was, is] = [findingOf(before, cause), findingOf(after, cause)];
  const change: Change = { area: "findings", what: cause, before: textOf(was), after: textOf(is) };
  if (was !== undefined && is !== undefined) return bothFound(before, after, was, is);
  const because =
    was === undefined
      ? whyMissed(cause, { report: after, name: "after" }, { report: before, name: "before" })
      : whyMissed(cause, { report: before, name: "before" }, { report: after, name: "after" });
  if (because === null) return { ...NONE, changes: [change] };
  return { ...NONE, unclear: [{ ...change, because }] };
}

/** Notes stop nobody: they are listed beside the changes. */
function isNoNote({ severity }: Finding): boolean {
  return severity !== "note";
}

function bothFound(before: Report, after: Report, was: Finding, is: Finding): Differences {
  const [one, other] = [textOf(was), textOf(is)];
  if (one === other) return NONE;
  const change: Change = { area: "findings", what: was.cause, before: one, after: other };
  const isAlike = was.severity === is.severity && mayBeOne(was.direction, is.direction);
  const because = "one of both knows it more closely, and does not contradict the other";
  if (isAlike && overlap(was, is)) return { ...NONE, unclear: [{ ...change, because }] };
  // Without Windows the same router has another name.
  const isNamedAlike = isWindowsKnown(before) === isWindowsKnown(after);
  if (isNamedAlike || !isAlike) return { ...NONE, changes: [change] };
  return { ...NONE, unclear: [{ ...change, because: "only one of both knows Windows' places" }] };
}

function mayBeOne(one: Finding["direction"], other: Finding["direction"]): boolean {
  return one === other || one === null || other === null;
}

function isWindowsKnown({ windows }: Report): boolean {
  return windows?.relation === "nat" || windows?.relation === "same-host";
}

function findingOf({ findings }: Report, cause: string): Finding | undefined {
  return findings.find((one) => one.cause === cause);
}

function textOf(finding: Finding | undefined): string | null {
  return finding === undefined ? null : `${finding.severity}, ${formatLocation(finding)}`;
}

interface Run {
  readonly report: Report;
  readonly name: "before" | "after";
}

/** Null where the other run could have found it, and did not. */
function whyMissed(cause: string, found: Run, other: Run): string | null {
  const closer = other.report.findings.find(
    (one) => hides(one.cause, cause) && missedReason(one.cause, found, other) !== null,
  );
  if (closer !== undefined) {
    return `the run ${other.name} has ${closer.cause}, which was not checked in the run ${found.name}`;
  }
  const wider = other.report.findings.find((one) => hides(cause, one.cause));
  const missed = wider === undefined ? null : missedReason(cause, other, found);
  if (wider !== undefined && missed !== null) {
    return `the run ${other.name} has ${wider.cause}: ${missed}`;
  }
  const reason = uncheckedReason(other.report, cause);
  if (reason === null) return null;
  // What stops the user in one run alone is a change, whatever the other looked at.
  const isRoot = rootCause(found.report.findings)?.cause === cause;
  return isRoot ? null : `not checked in the run ${other.name}: ${reason}`;
}

/** Why a run may have nothing but a wider cause than the other one's; null where it could have named it. */
function missedReason(close: string, run: Run, other: Run): string | null {
  const reason = uncheckedReason(run.report, close);
  if (reason !== null) return reason;
  const isLess = evidenceOf(run.report) !== evidenceOf(other.report);
  return isLess ? "it was made with other privileges, or another view of Windows" : null;
}

function evidenceOf(report: Report): string {
  const rungs = report.vantage.ladder.filter(({ available }) => available).map(({ rung }) => rung);
  return [isWindowsKnown(report), ...rungs].join();
}

function uncheckedReason({ notChecked }: Report, cause: string): string | null {
  return notChecked.find((one) => one.cause === cause)?.reason ?? null;
}

/** Whether a cause is what remains of another one where that could not be checked. */
function hides(close: string, wide: string, seen: ReadonlySet<string> = new Set()): boolean {
  const behind = causeOf(wide);
  if (behind === undefined || seen.has(wide)) return false;
  if (behind.lastResort === true) return true;
  const left = new Set([...seen, wide]);
  return behind.dependsOn.some((one) => one === close || hides(close, one, left));
}

/** Both are ranges of the chain; what is known nowhere may be anywhere. */
function overlap(one: Finding, other: Finding): boolean {
  const [a, b] = [rangeOf(one), rangeOf(other)];
  return a === null || b === null || (a.from <= b.to && b.from <= a.to);
}

function rangeOf({ segment, between }: Finding) {
  const [from, to] = between ?? [segment, segment];
  if (from === null || to === null) return null;
  return { from: segmentKind.options.indexOf(from), to: segmentKind.options.indexOf(to) };
}
