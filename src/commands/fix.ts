// `wsl-trace fix`: prints the commands for this machine, and with --apply does them, measures again, and keeps or reverts.

import { EXIT, TraceError } from "../errors.ts";
import { formatChange } from "../fixing/formatted.ts";
import { type Entry, unfinished } from "../fixing/journal.ts";
import { withoutSudo } from "../fixing/read-commands.ts";
import { exitCodeOf } from "../report/make.ts";
import { fixLines } from "../report/text-findings.ts";
import type { Report } from "../schema/report.ts";
import { applyFixes } from "./fix-apply.ts";
import { chosenFinding, formatOutcome } from "./fix-choice.ts";
import { keep, undoLast, undoneLines } from "./fix-journaled.ts";
import { persist } from "./fix-persist.ts";
import type { FixDeps, FixRequest, KeptRun } from "./fix-port.ts";

/** Gives the exit code: of the verdict before, or after what was changed. */
export async function fix(request: FixRequest, deps: FixDeps): Promise<number> {
  if (request.forget) {
    await deps.store.forget();
    deps.print("the last run is forgotten\n");
    return EXIT.healthy;
  }
  const changes = request.apply || request.persist || request.undo || request.finish;
  if (changes && !deps.isRoot) return deps.asRoot();
  if (request.undo) return undoAll(deps);
  const half = unfinished(await deps.store.journal());
  if (half !== null) {
    if (!request.finish) return tellUnfinished(half, deps);
    await keep(deps, half);
    deps.print(`${halfDone(half)}\nkept as it is\n`);
    return EXIT.healthy;
  }
  if (request.finish) deps.print("there is nothing half done\n");
  if (request.persist && !request.apply && (await hasKept(deps))) return persist(request, deps);
  const run = await runOf(request, deps);
  if (!request.apply && !request.persist) return printFixes(run.report, request, deps);
  const after = await applyFixes(run, request, deps);
  if (request.persist && after.verdict === "healthy") return persist(request, deps);
  return exitCodeOf(after.verdict);
}

async function hasKept({ store }: FixDeps): Promise<boolean> {
  return (await store.journal()).entries.some(({ isLasting }) => !isLasting);
}

async function runOf(
  { target, from, apply, persist }: FixRequest,
  deps: FixDeps,
): Promise<KeptRun> {
  if (target !== null) return traced(["path", target], deps);
  if (from !== null) {
    const report = await deps.readReport(from);
    // What another machine measured is not done to this one.
    if (apply || persist) return traced(["path", report.target.input], deps);
    return { report, argv: [] };
  }
  const last = await deps.store.lastRun();
  if (last !== null) return last;
  throw new TraceError(
    "fix-no-run",
    "there is no last run: wsl-trace path TARGET, or give --target or --from",
    {
      exitCode: EXIT.usage,
    },
  );
}

async function traced(argv: readonly string[], deps: FixDeps): Promise<KeptRun> {
  const report = await deps.trace(argv);
  if (report !== null) return { report, argv };
  throw new TraceError("fix-no-report", "the trace ended without a report", {
    exitCode: EXIT.inconclusive,
  });
}

function printFixes(report: Report, { cause }: FixRequest, deps: FixDeps): number {
  const finding = chosenFinding(report, cause);
  deps.print(`${report.startedAt}  ${report.target.input}: ${formatOutcome(report)}\n`);
  if (finding === null) {
    deps.print("nothing to fix was found\n");
    return exitCodeOf(report.verdict);
  }
  const { netns } = report.vantage;
  if (netns !== undefined) deps.print(`in the network namespace ${netns}\n`);
  if (finding.fixes.length === 0) deps.print(`${finding.cause} has no command that fixes it\n`);
  for (const one of finding.fixes) {
    const commands = deps.isRoot ? one.commands.map(withoutSudo) : one.commands;
    deps.print(`\n${fixLines({ ...one, commands }, "").join("\n")}\n`);
  }
  return exitCodeOf(report.verdict);
}

async function undoAll(deps: FixDeps): Promise<number> {
  let { entries } = await deps.store.journal();
  if (entries.length === 0) deps.print("there is nothing to take back\n");
  for (let last = entries.at(-1); last !== undefined; last = entries.at(-1)) {
    const undone = await undoLast(deps, last);
    deps.print(`${last.cause}, of ${last.startedAt}:\n${undoneLines(undone).join("\n")}\n`);
    if (undone.some(({ restored }) => restored === "changed-since")) return EXIT.inconclusive;
    ({ entries } = await deps.store.journal());
  }
  await deps.machine.flush();
  return EXIT.healthy;
}

const STATUS = {
  applying: "its changes were not all made",
  trying: "it was made, and not yet measured whether it helps",
  undoing: "it was being taken back",
  kept: "it was kept",
} as const satisfies Record<Entry["status"], string>;

function halfDone({ cause, startedAt, status, steps }: Entry): string {
  const lines = steps.map(
    ({ change, after }) => `  ${formatChange(change)}${after === null ? " (begun)" : ""}`,
  );
  return [`the fix of ${cause} of ${startedAt} is half done: ${STATUS[status]}`, ...lines].join(
    "\n",
  );
}

/** Says what a killed run has left, and offers both ways out. */
async function tellUnfinished(half: Entry, deps: FixDeps): Promise<number> {
  deps.print(`${halfDone(half)}\n`);
  const isUndone = deps.isRoot && ((await deps.ask?.("take it back?")) ?? false);
  if (isUndone) return undoAll(deps);
  deps.print("wsl-trace fix --undo takes it back, wsl-trace fix --finish keeps it\n");
  return EXIT.inconclusive;
}
