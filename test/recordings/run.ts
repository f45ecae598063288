// `npm run recordings [-- --only PART[,PART]]`: runs every scenario as root and as an ordinary user, and keeps the runs that are right.

import os from "node:os";
import { parseArgs } from "node:util";
import PQueue from "p-queue";
import { makeReport } from "../../src/report/make.ts";
import type { ProbeEvent } from "../../src/schema/event.ts";
import { traceLive } from "../matrix/live.ts";
import { replayed } from "../matrix/replay.ts";
import { type Evidence, type Row, resultOf } from "../matrix/row.ts";
import { ROWS } from "../matrix/rows.ts";
import { writeRecording } from "./files.ts";
import { fixed } from "./fixed.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";

/** They mostly wait, but a busy machine makes other recordings. */
const JOBS = 2;
const RUNS_BY_CHANCE = 3;

interface Kept {
  readonly name: string;
  readonly runs: readonly (readonly ProbeEvent[])[];
  readonly right: readonly Outcome[];
}

const { values } = parseArgs({ options: { only: { type: "string", default: "" } } });
const abort = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => abort.abort(new Error(signal)));
}

const parts = values.only.split(",");
const rows = ROWS.filter(({ scenario }) => parts.some((part) => scenario.name.includes(part)));
const queue = new PQueue({ concurrency: JOBS });
const wrong: string[] = [];
await queue.addAll(
  rows.map((row) => async () => {
    if (abort.signal.aborted) return;
    const { name } = row.scenario;
    const kept = await recorded(row).catch((error: unknown) => {
      wrong.push(`${name}: ${String(error)}`);
      return [];
    });
    // All or none: one network's recordings belong together.
    for (const { name: file, runs, right } of kept) writeRecording(file, runs, right);
    process.stdout.write(`${kept.length === 0 ? "not kept" : "kept"} ${name}\n`);
  }),
);
process.stdout.write(`\n${rows.length - wrong.length} of ${rows.length} scenarios recorded\n`);
for (const line of wrong) process.stdout.write(`${line}\n`);
process.exitCode = wrong.length > 0 || abort.signal.aborted ? 1 : 0;

async function recorded(row: Row): Promise<readonly Kept[]> {
  if (row.kind === "replayed") return [kept(row, "root", [replayed(row.scenario).events])];
  const times = Array.from({ length: isByChance(row) ? RUNS_BY_CHANCE : 1 });
  const kinds: readonly Evidence[] = times.flatMap(() => ["root", "user"] as const);
  const reports = await traceLive(row, kinds, abort.signal);
  const machine = { release: os.release(), hostname: os.hostname() };
  return (["root", "user"] as const).map((user) => {
    const own = reports.filter(([evidence]) => evidence === user);
    return kept(
      row,
      user,
      own.map(([, { events }]) => fixed(events, machine)),
    );
  });
}

/** @throws Error when a run is not what its scenario expects */
function kept(row: Row, user: Evidence, runs: Kept["runs"]): Kept {
  const reports = runs.map((events) => makeReport(events));
  const differences = reports.flatMap((report) => resultOf(row, user, report).wrong);
  if (differences.length > 0) {
    throw new Error(`as ${user} ${differences.map(({ text }) => text).join("; ")}`);
  }
  const right = new Map(
    reports.map(outcomeOf).map((outcome) => [JSON.stringify(outcome), outcome]),
  );
  return { name: `${row.scenario.name}.${user}`, runs, right: [...right.values()] };
}

function isByChance({ scenario: { expected } }: Row): boolean {
  const { orVerdicts = [], mayAlso = [], orOpen } = expected;
  return orVerdicts.length + mayAlso.length > 0 || orOpen === true;
}
