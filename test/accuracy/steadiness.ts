// How often repeated runs of a scenario were right: a line for each, and a table by kind.

import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import { SCENARIOS_BY_KIND } from "../../probes/lab/src/scenarios.ts";
import type { Result } from "../matrix/row.ts";

const run = z.object({
  scenario: z.string(),
  evidence: z.enum(["root", "user"]),
  outcome: z.enum(["right", "wider", "wrong"]),
  /** Of the last minute, at the end of the run. */
  load: z.number(),
});
type Run = z.infer<typeof run>;

export function runOf({ row, evidence, wrong, isWider }: Result, load: number): Run {
  const outcome = wrong.length > 0 ? "wrong" : isWider ? "wider" : "right";
  return { scenario: row.scenario.name, evidence, outcome, load };
}

/** Of runs in several parts: one line of JSON for each run. */
export function addToTally(file: string, runs: readonly Run[]): void {
  appendFileSync(file, runs.map((one) => `${JSON.stringify(one)}\n`).join(""));
}

/** Empty when there is no such file yet. */
export function readTally(file: string): readonly Run[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => run.parse(JSON.parse(line)));
}

/** "server-hangs: root 5 of 5, user 4 of 5 (1 wider), load 2.1 to 4.0" */
export function steadinessLine(scenario: string, runs: readonly Run[]): string {
  const users = (["root", "user"] as const).flatMap((evidence) => {
    const own = runs.filter((one) => one.evidence === evidence);
    const others = (["wider", "wrong"] as const)
      .filter((outcome) => count(own, outcome) > 0)
      .map((outcome) => `${count(own, outcome)} ${outcome}`);
    const aside = others.length === 0 ? "" : ` (${others.join(", ")})`;
    return own.length === 0 ? [] : [`${evidence} ${count(own, "right")} of ${own.length}${aside}`];
  });
  return `${scenario}: ${users.join(", ")}, load ${loadsOf(runs)}`;
}

/** A row for each kind of which something was run, and one for all. */
export function steadinessTable(runs: readonly Run[]): string {
  const kinds = Object.entries(SCENARIOS_BY_KIND).flatMap(([kind, scenarios]) => {
    const own = runs.filter(({ scenario }) => scenarios.some(({ name }) => name === scenario));
    return own.length === 0 ? [] : [rowOf(kind, own)];
  });
  return [
    "| kind | networks | runs | right | wider | wrong | wrong in | load |",
    "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ...kinds,
    rowOf("all", runs),
  ].join("\n");
}

function rowOf(kind: string, runs: readonly Run[]): string {
  const wrong = runs.filter(({ outcome }) => outcome === "wrong");
  const cells = [
    kind,
    new Set(runs.map(({ scenario }) => scenario)).size,
    runs.length,
    count(runs, "right"),
    count(runs, "wider"),
    wrong.length,
    [...new Set(wrong.map(({ scenario }) => `\`${scenario}\``))].join(", "),
    loadsOf(runs),
  ];
  return `| ${cells.join(" | ")} |`;
}

function count(runs: readonly Run[], outcome: Run["outcome"]): number {
  return runs.filter((one) => one.outcome === outcome).length;
}

function loadsOf(runs: readonly Run[]): string {
  const loads = runs.map(({ load }) => load);
  return `${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}`;
}
