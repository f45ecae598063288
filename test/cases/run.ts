// `npm run cases [-- --only PART] [-- --repeat N] [-- --write]`: the reported cases, each as root and as an ordinary user, with its
// snapshot and without; prints what is not right, and writes the table of docs/cases.md.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { replaceBlock } from "../../scripts/generated-block.mjs";
import { createFolder } from "../lab/independent/tool.ts";
import { type CaseRun, type ReportedCase, runCase } from "./case.ts";
import { CASES, siteFiles } from "./list.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    repeat: { type: "string", default: "1" },
    keep: { type: "string", default: "" },
    write: { type: "boolean", default: false },
  },
});
const HOW = [true, false].flatMap((snapshot) =>
  (["root", "none"] as const).map((privilege) => ({ privilege, snapshot })),
);
const parts = values.only.split(",");
const wanted = CASES.filter(({ name }) => parts.some((part) => name.includes(part)));
const folder = createFolder();
const files = await siteFiles(folder);
const rows: string[] = [];
try {
  for (const one of wanted) rows.push(rowOf(one, await runsOf(one)));
} finally {
  folder.remove();
}
process.stdout.write(`\n${tableOf(rows)}\n`);
if (values.write) {
  const page = new URL("../../docs/cases.md", import.meta.url);
  const text = readFileSync(page, "utf8");
  // Rows of cases that were not run stay.
  const all = CASES.flatMap(({ name }) => {
    const isOf = (row: string) => row.startsWith(`| \`${name}\` |`);
    return rows.find(isOf) ?? text.split("\n").find(isOf) ?? [];
  });
  writeFileSync(page, replaceBlock(text, "cases", tableOf(all)));
}

function tableOf(lines: readonly string[]): string {
  return [
    "| case | reports | right | root, snapshot | user, snapshot | root alone | user alone |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...lines,
  ].join("\n");
}

async function runsOf(one: ReportedCase): Promise<readonly CaseRun[]> {
  const runs: CaseRun[] = [];
  for (let n = 1; n <= Number(values.repeat); n += 1) {
    for (const how of HOW) {
      const run = await runCase(one, folder, files, how);
      print(`${one.name} ${how.privilege}${how.snapshot ? " with snapshot" : ""}`, run);
      if (run.wrong.length > 0) keep(`${one.name}-${how.privilege}-${how.snapshot}-${n}`, run);
      runs.push(run);
    }
  }
  return runs;
}

function print(how: string, { report, wrong }: CaseRun): void {
  const found = report.findings.map(({ cause, severity }) => `${cause} ${severity}`);
  const state = wrong.length === 0 ? "ok   " : "WRONG";
  const line = `${state} ${how}: ${report.verdict} ${found.join(", ")} ${wrong.join("; ")}`;
  process.stdout.write(`${line.trimEnd()}\n`);
  if (wrong.length > 0) process.exitCode = 1;
}

function keep(name: string, { report }: CaseRun): void {
  if (values.keep === "") return;
  mkdirSync(values.keep, { recursive: true });
  writeFileSync(path.join(values.keep, `${name}.json`), JSON.stringify(report, null, 1));
}

function rowOf(one: ReportedCase, runs: readonly CaseRun[]): string {
  const cell = (snapshot: boolean, privilege: CaseRun["privilege"]) => {
    const own = runs.filter((run) => run.snapshot === snapshot && run.privilege === privilege);
    const right = own.filter(({ wrong }) => wrong.length === 0);
    const causes = new Set(own.map(({ report }) => causeOf(report)));
    return `${[...causes].join(" or ")}, ${right.length} of ${own.length}`;
  };
  const cells = HOW.map(({ snapshot, privilege }) => cell(snapshot, privilege));
  return `| \`${one.name}\` | ${one.reports} | ${one.right} | ${cells.join(" | ")} |`;
}

function causeOf({ verdict, findings }: CaseRun["report"]): string {
  const first = findings.find(({ severity }) => severity !== "note");
  return first === undefined ? verdict : `${verdict}: \`${first.cause}\``;
}
