// `npm run accuracy [-- --jobs 2] [-- --only PART] [-- --keep FOLDER] [-- --write]`: runs the scenario matrix and prints how often the verdict was right;
// with `--repeat N` in N networks each, with `--busy` beside two busy loops, with `--tally FILE` together with earlier parts.

import { mkdirSync, writeFileSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import PQueue from "p-queue";
import { SCENARIOS_BY_KIND } from "../../probes/lab/src/scenarios.ts";
import type { Report } from "../../src/schema/report.ts";
import { traceLive } from "../matrix/live.ts";
import { replayed } from "../matrix/replay.ts";
import { type Result, type Row, resultOf } from "../matrix/row.ts";
import { ROWS } from "../matrix/rows.ts";
import { keepBusy } from "./busy.ts";
import { addToTally, readTally, runOf, steadinessLine, steadinessTable } from "./steadiness.ts";
import { lineOf, tableOf } from "./tables.ts";
import { writeSteadiness, writeTables } from "./write.ts";

/** A third would only wait for two cores, and time is part of what is measured. */
const MOST_JOBS = 2;

const { values } = parseArgs({
  options: {
    jobs: { type: "string", default: "1" },
    only: { type: "string", default: "" },
    keep: { type: "string", default: "" },
    repeat: { type: "string", default: "1" },
    busy: { type: "boolean", default: false },
    tally: { type: "string", default: "" },
    write: { type: "boolean", default: false },
  },
});
const repeat = Number(values.repeat) || 1;

const abort = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => abort.abort(new Error(signal)));
}

const parts = values.only.split(",");
const rows = ROWS.filter((row) => parts.some((part) => isOf(row, part)))
  // A recording gives the same each time.
  .filter(({ kind }) => repeat === 1 || kind === "live");
const queue = new PQueue({ concurrency: Math.min(MOST_JOBS, Number(values.jobs) || 1) });
const results: Result[] = [];
const runs = [...readTally(values.tally)];
const failed: string[] = [];
if (values.busy) keepBusy(abort.signal);
await queue.addAll(
  rows.map((row) => async () => {
    const made: ReturnType<typeof runOf>[] = [];
    // A network of its own for each: chance has a say in how it is built, too.
    for (let n = 1; n <= repeat && !abort.signal.aborted; n += 1) {
      const own = await measured(row, n).catch((error: unknown) => {
        failed.push(row.scenario.name);
        process.stdout.write(`${row.scenario.name}: ${String(error)}\n`);
        return [];
      });
      for (const result of own) process.stdout.write(`${lineOf(result)}\n`);
      results.push(...own);
      made.push(...own.map((result) => runOf(result, os.loadavg()[0] ?? 0)));
    }
    if (repeat === 1 || made.length === 0) return;
    process.stdout.write(`${steadinessLine(row.scenario.name, made)}\n`);
    runs.push(...made);
    if (values.tally !== "") addToTally(values.tally, made);
  }),
);
process.stdout.write(`\n${repeat === 1 ? tableOf(results) : steadinessTable(runs)}\n`);
if (failed.length > 0) process.stdout.write(`\nnot measured: ${failed.join(", ")}\n`);
if (values.write && failed.length === 0 && !abort.signal.aborted) writeAll();
abort.abort();
process.exitCode = failed.length > 0 || results.some(({ wrong }) => wrong.length > 0) ? 1 : 0;

function writeAll(): void {
  if (repeat > 1) writeSteadiness(steadinessTable(runs));
  // Of a part the tables would not be what they say.
  else if (values.only === "") writeTables(results);
}

/** By a part of its name, or by its kind. */
function isOf({ scenario: { name } }: Row, part: string): boolean {
  return (
    name.includes(part) || (SCENARIOS_BY_KIND[part]?.some((one) => one.name === name) ?? false)
  );
}

/** With every event in it. */
function keep(name: string, report: Report): void {
  mkdirSync(values.keep, { recursive: true });
  writeFileSync(join(values.keep, `${name}.json`), JSON.stringify(report, null, 1));
}

async function measured(row: Row, time: number): Promise<readonly Result[]> {
  if (row.kind === "replayed") return [resultOf(row, "root", replayed(row.scenario))];
  const reports = await traceLive(row, ["root", "user"], abort.signal);
  return reports.map(([evidence, report]) => {
    const result = resultOf(row, evidence, report);
    if (result.wrong.length > 0 && values.keep !== "")
      keep(`${row.scenario.name}-${evidence}${repeat === 1 ? "" : `-${time}`}`, report);
    return result;
  });
}
