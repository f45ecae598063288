// The long run: each decoder in a process of its own, with a heap that is bounded and an end when it says nothing any more.

import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import PQueue from "p-queue";
import type { Part, PartResult } from "../part.ts";
import { DECODERS } from "./decoders.ts";
import type { FuzzResult } from "./fuzz.ts";

const CHILD = fileURLToPath(new URL("child.ts", import.meta.url));
const HEAP_MB = 256;
/** Without a sign of life: 256 inputs take less than a second, but a machine may have others to serve first. */
const SILENT_MS = 600_000;
const RUNS = 1_000_000;
const SEED = 20_261_129;

interface Row {
  readonly name: string;
  readonly runs: number;
  readonly result: FuzzResult | null;
  readonly residentMb: number | null;
  readonly problem: string | null;
}

export const FUZZ: Part = {
  name: "fuzz",
  what: "inputs by chance for each decoder",
  run: async ({ only, runs = RUNS, jobs, signal, tell }): Promise<PartResult> => {
    const queue = new PQueue({ concurrency: jobs });
    const chosen = DECODERS.filter(({ name }) => name.includes(only));
    const rows = await queue.addAll(
      chosen.map(({ name }) => async () => {
        const row = await fuzzed(name, runs, signal);
        tell(`${name}: ${row.problem ?? `${row.runs} inputs`}`);
        return row;
      }),
    );
    return {
      table: [
        "| decoder | inputs | accepted | kinds of answers | slowest | memory | broken |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        ...rows.map(lineOf),
      ],
      wrong: rows
        .filter(({ problem }) => problem !== null)
        .map(({ name, problem }) => `${name}: ${problem}`),
    };
  },
};

function lineOf({ name, runs, result, residentMb, problem }: Row): string {
  const cells = [
    name,
    runs,
    result?.accepted ?? "-",
    result?.shapes ?? "-",
    result === null ? "-" : `${result.slowestMs.toFixed(1)} ms`,
    residentMb === null ? "-" : `${residentMb} MB`,
    problem === null ? 0 : 1,
  ];
  return `| ${cells.join(" | ")} |`;
}

/** What ended it is a row as well: a crash, a heap that is full, no sign of life. */
async function fuzzed(name: string, runs: number, signal: AbortSignal): Promise<Row> {
  const silent = new AbortController();
  const child = execa(
    process.execPath,
    [`--max-old-space-size=${HEAP_MB}`, "--import", "tsx", CHILD, name, `${runs}`, `${SEED}`],
    {
      cancelSignal: AbortSignal.any([signal, silent.signal]),
      reject: false,
      buffer: { stdout: false },
      forceKillAfterDelay: 1000,
    },
  );
  let done = 0;
  let end: { readonly result: FuzzResult; readonly residentMb: number } | null = null;
  let timer = setTimeout(() => silent.abort(), SILENT_MS);
  for await (const line of createInterface({ input: child.stdout })) {
    clearTimeout(timer);
    timer = setTimeout(() => silent.abort(), SILENT_MS);
    const said = JSON.parse(line);
    if ("done" in said) done = said.done;
    else end = said;
  }
  clearTimeout(timer);
  const { exitCode, stderr } = await child;
  if (end === null) {
    const why = silent.signal.aborted
      ? `no sign of life behind input ${done}`
      : `exit ${exitCode}: ${stderr.slice(-500)}`;
    return { name, runs: done, result: null, residentMb: null, problem: why };
  }
  const { broken } = end.result;
  const problem =
    broken === null
      ? null
      : `${broken.error.split("\n").slice(0, 4).join(" ")}; input ${broken.input}`;
  return { name, runs: end.result.runs, result: end.result, residentMb: end.residentMb, problem };
}
