// `npm run accuracy [-- --jobs 2] [-- --only PART] [-- --keep FOLDER] [-- --write]`: runs the scenario matrix and prints how often the verdict was right.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import PQueue from "p-queue";
import type { Report } from "../../src/schema/report.ts";
import { traceLive } from "../matrix/live.ts";
import { replayed } from "../matrix/replay.ts";
import { type Result, type Row, resultOf } from "../matrix/row.ts";
import { ROWS } from "../matrix/rows.ts";
import { lineOf, tableOf } from "./tables.ts";
import { writeTables } from "./write.ts";

/** A third would only wait for two cores, and time is part of what is measured. */
const MOST_JOBS = 2;

const { values } = parseArgs({
  options: {
    jobs: { type: "string", default: "1" },
    only: { type: "string", default: "" },
    keep: { type: "string", default: "" },
    write: { type: "boolean", default: false },
  },
});

const abort = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => abort.abort(new Error(signal)));
}

const parts = values.only.split(",");
const rows = ROWS.filter(({ scenario }) => parts.some((part) => scenario.name.includes(part)));
const queue = new PQueue({ concurrency: Math.min(MOST_JOBS, Number(values.jobs) || 1) });
const results: Result[] = [];
const failed: string[] = [];
await Promise.all(
  rows.map((row) =>
    queue.add(async () => {
      if (abort.signal.aborted) return;
      const made = await measured(row).catch((error: unknown) => {
        failed.push(row.scenario.name);
        process.stdout.write(`${row.scenario.name}: ${String(error)}\n`);
        return [];
      });
      for (const result of made) process.stdout.write(`${lineOf(result)}\n`);
      results.push(...made);
    }),
  ),
);
process.stdout.write(`\n${tableOf(results)}\n`);
if (failed.length > 0) process.stdout.write(`\nnot measured: ${failed.join(", ")}\n`);
// Of a part, or with holes, the tables would not be what they say.
if (values.write && values.only === "" && failed.length === 0) writeTables(results);
process.exitCode = failed.length > 0 || results.some(({ wrong }) => wrong.length > 0) ? 1 : 0;

/** With every event in it. */
function keep(name: string, report: Report): void {
  mkdirSync(values.keep, { recursive: true });
  writeFileSync(join(values.keep, `${name}.json`), JSON.stringify(report, null, 1));
}

async function measured(row: Row): Promise<readonly Result[]> {
  if (row.kind === "replayed") return [resultOf(row, "root", replayed(row.scenario))];
  const reports = await traceLive(row, ["root", "user"], abort.signal);
  return reports.map(([evidence, report]) => {
    const result = resultOf(row, evidence, report);
    if (result.wrong.length > 0 && values.keep !== "")
      keep(`${row.scenario.name}-${evidence}`, report);
    return result;
  });
}
