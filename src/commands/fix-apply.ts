// Does fixes one after the other: asks, changes, forgets what was learnt, traces again, keeps or reverts, and goes on with the next fault.

import { EXIT, TraceError } from "../errors.ts";
import { withoutSudo } from "../fixing/read-commands.ts";
import { fixLines } from "../report/text-findings.ts";
import type { Report } from "../schema/report.ts";
import type { Finding } from "../schema/verdict.ts";
import { mayGoOn } from "./fix-ask.ts";
import {
  type Candidate,
  candidates,
  chosenFinding,
  formatOutcome,
  isHelped,
} from "./fix-choice.ts";
import { carryOut, keep, undoLast, undoneLines } from "./fix-journaled.ts";
import type { FixDeps, FixRequest, KeptRun } from "./fix-port.ts";
import { applyWindows } from "./fix-windows.ts";

type Request = Pick<FixRequest, "cause" | "yes" | "windows">;

/** More faults one behind the other than anybody has at once: beyond, something goes round in circles. */
const MOST_FAULTS = 5;

/** The report of the last trace. @throws TraceError where nobody can be asked */
export async function applyFixes(run: KeptRun, request: Request, deps: FixDeps): Promise<Report> {
  if (run.report.vantage.netns !== undefined) throw elsewhere(run.report.vantage.netns);
  let { report } = run;
  for (let count = 0; count < MOST_FAULTS; count += 1) {
    const finding = chosenFinding(report, count === 0 ? request.cause : null);
    if (finding === null) break;
    const after = await fixOne(finding, { ...run, report }, request, deps);
    if (after === null) break;
    report = after;
    if (report.verdict === "healthy") break;
  }
  return report;
}

/** The report of the trace in which the finding is gone; null where none of its fixes could be done or helped. */
async function fixOne(
  finding: Finding,
  run: KeptRun,
  request: Request,
  deps: FixDeps,
): Promise<Report | null> {
  const possible = candidates(finding);
  for (const candidate of possible) {
    const after = await tryOne(finding, candidate, run, request, deps);
    if (after !== null) return after;
  }
  const windows = finding.fixes.filter(({ where }) => where !== "linux");
  if (request.windows && windows.length > 0) return applyWindows(windows, run, request, deps);
  if (possible.length === 0)
    deps.print(`${finding.cause} has no fix that can be done from here:\n`);
  for (const one of possible.length === 0 ? finding.fixes : windows) {
    deps.print(`${fixLines(one, "  ").join("\n")}\n`);
  }
  return null;
}

async function tryOne(
  { cause }: Finding,
  { fix, changes }: Candidate,
  { report: before, argv }: KeptRun,
  request: Request,
  deps: FixDeps,
): Promise<Report | null> {
  deps.print(`${fixLines({ ...fix, commands: fix.commands.map(withoutSudo) }, "").join("\n")}\n`);
  if (!(await mayGoOn(request, deps, "do this?"))) return null;
  const entry = await carryOut(changes, { cause, isLasting: false }, deps).catch(
    async (error: unknown) => {
      await revert(deps);
      throw error;
    },
  );
  const after = await traceAgain(argv, deps).catch(async (error: unknown) => {
    await revert(deps);
    throw error;
  });
  const helped = isHelped(before, after, cause);
  deps.print(`before: ${formatOutcome(before)}\nafter: ${formatOutcome(after)}\n`);
  if (!helped) {
    deps.print("it did not help:\n");
    await revert(deps);
    return null;
  }
  await keep(deps, entry);
  deps.print("kept; wsl-trace fix --undo takes it back\n");
  return after;
}

/** A cached path MTU or name would hide whether the fix is what helped. */
async function traceAgain(argv: readonly string[], deps: FixDeps): Promise<Report> {
  await deps.machine.flush();
  const after = await deps.trace(argv);
  if (after !== null) return after;
  throw new TraceError("fix-no-second-report", "the trace after the fix ended without a report", {
    exitCode: EXIT.inconclusive,
  });
}

async function revert(deps: FixDeps): Promise<void> {
  const entry = (await deps.store.journal()).entries.at(-1);
  if (entry === undefined || entry.status === "kept") return;
  deps.print(`${undoneLines(await undoLast(deps, entry)).join("\n")}\n`);
  await deps.machine.flush();
}

function elsewhere(netns: string): TraceError {
  const message = `that run was in another network namespace: ip netns exec ${netns} wsl-trace fix --target TARGET --apply`;
  return new TraceError("fix-netns", message, { exitCode: EXIT.usage });
}
