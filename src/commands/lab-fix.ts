// Shows that a fix cures: traces once more without it, then with it, caches flushed each time.

import { EXIT, TraceError } from "../errors.ts";
import type { Report } from "../schema/report.ts";
import type { Fix } from "../schema/verdict.ts";
import type { LabDeps, RunningLab } from "./lab-port.ts";
import { startTrace, type TraceArguments } from "./lab-trace.ts";

/** 0 when the control run still failed and the fixed one is healthy. */
export async function fixAndTraceAgain(
  lab: RunningLab,
  run: TraceArguments,
  deps: LabDeps,
  before: Report,
): Promise<number> {
  if (before.verdict === "healthy") {
    deps.notify("there is nothing to fix: the verdict is healthy");
    return EXIT.healthy;
  }
  const fix = firstLinuxFix(before);
  // A cached path MTU hides the fault: without this control the flush could pass for the cure.
  await lab.flushCaches();
  deps.notify("control: the same again without the fix, caches flushed");
  const control = await traced(lab, run, deps, "control");
  deps.notify(`fix: ${fix.commands.join(" && ")}`);
  await lab.applyFix(fix);
  await lab.flushCaches();
  const after = await traced(lab, run, deps, "fixed");
  deps.notify(
    `verdicts: ${words(before)} at first, ${words(control)} without the fix, ${words(after)} with it`,
  );
  const cured = control.verdict !== "healthy" && after.verdict === "healthy";
  return cured ? EXIT.healthy : EXIT.fault;
}

async function traced(
  lab: RunningLab,
  run: TraceArguments,
  deps: LabDeps,
  name: string,
): Promise<Report> {
  const { report } = await startTrace(lab, run, deps, `${lab.directory}/${name}.ndjson`);
  if (report !== null) return report;
  throw new TraceError("lab-no-report", `the ${name} run ended without a report`, {
    exitCode: EXIT.inconclusive,
  });
}

function firstLinuxFix({ findings }: Report): Fix {
  const fixes = findings[0]?.fixes ?? [];
  const fix = fixes.find(({ where, persistent }) => where === "linux" && !persistent);
  if (fix !== undefined) return fix;
  throw new TraceError("no-fix", "the first finding has no fix that the lab could try in Linux", {
    exitCode: EXIT.inconclusive,
  });
}

function words({ verdict, findings }: Report): string {
  const cause = findings.find(({ severity }) => severity !== "note")?.cause;
  return cause === undefined ? verdict : `${verdict} (${cause})`;
}
