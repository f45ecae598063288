// Which finding `wsl-trace fix` is about, which of its fixes can be done here, and whether one helped.

import { EXIT, TraceError } from "../errors.ts";
import type { Change } from "../fixing/change.ts";
import { changesOf } from "../fixing/read-commands.ts";
import { printable } from "../report/escape.ts";
import { rootCause } from "../report/text-findings.ts";
import type { Report } from "../schema/report.ts";
import type { Finding, Fix, Stage } from "../schema/verdict.ts";

/** The finding of that cause, or the one that stops the user first. @throws TraceError where the run has no such cause */
export function chosenFinding(report: Report, cause: string | null): Finding | null {
  if (cause === null) return rootCause(report.findings) ?? null;
  const found = report.findings.find((finding) => finding.cause === cause);
  if (found !== undefined) return found;
  const seen = report.findings.map((finding) => finding.cause).join(", ") || "none";
  throw new TraceError("fix-no-cause", `that run found no "${printable(cause)}", but: ${seen}`, {
    exitCode: EXIT.usage,
  });
}

export interface Candidate {
  readonly fix: Fix;
  readonly changes: readonly Change[];
}

/** The fixes for Linux that can be done and taken back, those that last until a restart first. */
export function candidates({ fixes }: Finding): readonly Candidate[] {
  const read = fixes.flatMap((fix) => {
    const changes = fix.where === "linux" ? changesOf(fix.commands) : null;
    return changes === null || changes.length === 0 ? [] : [{ fix, changes }];
  });
  return [...read].sort((a, b) => Number(a.fix.persistent) - Number(b.fix.persistent));
}

const STAGES: readonly Stage["stage"][] = ["resolve", "route", "reach", "connect", "tls", "http"];

/** Whether the fault is gone, and the attempt comes at least as far as it did. */
export function isHelped(before: Report, after: Report, cause: string): boolean {
  if (after.verdict === "healthy") return true;
  const isGone = !after.findings.some((one) => one.cause === cause && one.severity !== "note");
  return isGone && progress(after) >= progress(before);
}

function progress({ stages }: Report): number {
  const failed = stages.find(({ status }) => status === "failed")?.stage;
  return failed === undefined ? STAGES.length : STAGES.indexOf(failed);
}

/** "fault (vpn-mtu-inbound-blackhole)". */
export function formatOutcome({ verdict, findings }: Pick<Report, "verdict" | "findings">): string {
  const cause = rootCause(findings)?.cause;
  return cause === undefined ? verdict : `${verdict} (${cause})`;
}
