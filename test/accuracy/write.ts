// Writes tables between their markers: totals of a whole run into README.md, every scenario and repeated runs into docs/accuracy.md.

import { readFileSync, writeFileSync } from "node:fs";
import { replaceBlock } from "../../scripts/generated-block.mjs";
import type { Result } from "../matrix/row.ts";
import { detailTable, tableOf, wrongTable } from "./tables.ts";

const README = new URL("../../README.md", import.meta.url);
const DETAILS = new URL("../../docs/accuracy.md", import.meta.url);
const BLOCK = "accuracy";
const STEADINESS = "steadiness";

export function writeTables(results: readonly Result[]): void {
  const sorted = [...results].sort(byNameAndEvidence);
  const short = [tableOf(sorted), wrongTable(sorted)].filter((text) => text !== "").join("\n\n");
  write(README, short);
  write(DETAILS, [tableOf(sorted), detailTable(sorted)].join("\n\n"));
}

/** The table of repeated runs. */
export function writeSteadiness(table: string): void {
  write(DETAILS, table, STEADINESS);
}

function write(file: URL, content: string, block = BLOCK): void {
  writeFileSync(file, replaceBlock(readFileSync(file, "utf8"), block, content));
}

function byNameAndEvidence(a: Result, b: Result): number {
  return key(a).localeCompare(key(b));
}

function key({ row, evidence }: Result): string {
  return `${row.kind} ${row.scenario.name} ${evidence}`;
}
