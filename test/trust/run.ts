// `npm run trust [-- PART...] [--only NAME] [--runs N] [--jobs N] [--keep FOLDER] [--write]`: tries to break the tool, and prints or writes what came of it.

import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { replaceBlock } from "../../scripts/generated-block.mjs";
import { FUZZ } from "./fuzz/bench.ts";
import { HOSTILE } from "./hostile/bench.ts";
import { KILLS } from "./kills/bench.ts";
import { LOAD } from "./load/bench.ts";
import type { Part } from "./part.ts";
import { REFUSED } from "./refusals/bench.ts";

const PARTS: readonly Part[] = [FUZZ, HOSTILE, REFUSED, KILLS, LOAD];
const TABLES = new URL("../../docs/trust.md", import.meta.url);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: "string", default: "" },
    runs: { type: "string" },
    jobs: { type: "string", default: "1" },
    keep: { type: "string" },
    write: { type: "boolean", default: false },
  },
});
const abort = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => abort.abort(new Error(signal)));
}

const chosen = positionals.length === 0 ? PARTS : positionals.map(partNamed);
let wrong = 0;
for (const part of chosen) {
  const result = await part.run({
    only: values.only,
    runs: values.runs === undefined ? undefined : Number(values.runs),
    jobs: Number(values.jobs),
    keep: values.keep,
    signal: abort.signal,
    tell: (line) => process.stderr.write(`${part.name}: ${line}\n`),
  });
  const table = result.table.join("\n");
  process.stdout.write(`${part.name}: ${part.what}\n\n${table}\n\n`);
  for (const line of result.wrong) process.stdout.write(`${line}\n`);
  wrong += result.wrong.length;
  if (values.write) {
    writeFileSync(TABLES, replaceBlock(readFileSync(TABLES, "utf8"), part.name, table));
  }
}
process.stdout.write(wrong === 0 ? "nothing broke\n" : `${wrong} broke\n`);
process.exitCode = wrong === 0 ? 0 : 1;

/** @throws for a name that there is none of */
function partNamed(name: string): Part {
  const found = PARTS.find((part) => part.name === name);
  if (found === undefined) {
    throw new Error(`no part ${name}: there are ${PARTS.map((part) => part.name).join(", ")}`);
  }
  return found;
}
