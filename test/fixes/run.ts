// `npm run fixes [-- --only PART[,PART]] [-- --jobs 2]`: types each fix of each scenario in its network and traces again; prints what became of the fault.

import { parseArgs } from "node:util";
import PQueue from "p-queue";
import { LIVE_ROWS } from "../matrix/rows.ts";
import { type Cure, curesOf } from "./cures.ts";

/** A third would only wait for two cores. */
const MOST_JOBS = 2;

const { values } = parseArgs({
  options: { only: { type: "string", default: "" }, jobs: { type: "string", default: "1" } },
});
const abort = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => abort.abort(new Error(signal)));
}

const parts = values.only.split(",");
const rows = LIVE_ROWS.filter(({ scenario }) => parts.some((part) => scenario.name.includes(part)));
const queue = new PQueue({ concurrency: Math.min(MOST_JOBS, Number(values.jobs) || 1) });
const cures: Cure[] = [];
const broken: string[] = [];
await queue.addAll(
  rows.map((row) => async () => {
    if (abort.signal.aborted) return;
    const made = await curesOf(row, abort.signal).catch((error: unknown) => {
      broken.push(`${row.scenario.name}: ${String(error)}`);
      return [];
    });
    for (const cure of made) process.stdout.write(`${lineOf(cure)}\n`);
    cures.push(...made);
  }),
);
const count = (result: Cure["result"]) => cures.filter((cure) => cure.result === result).length;
process.stdout.write(
  `\n${cures.length} fixes of ${rows.length} scenarios: ${count("cured")} cure, ${count("in part, as it says")} in part, as they say, ${count("not cured")} do not, ${count("fails")} fail, ${count("not tried")} are not for a lab\n`,
);
for (const line of broken) process.stdout.write(`${line}\n`);
const isWrong = cures.some(({ result }) => result === "not cured" || result === "fails");
process.exitCode = isWrong || broken.length > 0 ? 1 : 0;

function lineOf({ scenario, cause, fix, result, detail }: Cure): string {
  const after = detail === "" ? "" : `: ${detail}`;
  return `| ${scenario} | ${cause} | \`${fix.commands.join("; ")}\` | ${result}${after} |`;
}
