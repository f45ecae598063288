// The tables of a run of the matrix: totals, and what was not right.

import type { Aspect } from "../../probes/lab/src/compare.ts";
import { exitCodeOf } from "../../src/report/make.ts";
import type { Evidence, Result } from "../matrix/row.ts";

/** One line while it runs. */
export function lineOf({ row, evidence, wrong, verdict, cause, packets, ms }: Result): string {
  const found = cause === null ? verdict : `${verdict} (${cause})`;
  const mark = wrong.length === 0 ? "ok  " : "WRONG";
  const how = row.kind === "replayed" ? "replayed" : evidence;
  const why = wrong.length === 0 ? "" : `: ${wrong.map(({ text }) => text).join("; ")}`;
  return `${mark} ${row.scenario.name} ${how} ${found}, ${packets} packets, ${seconds(ms)}${why}`;
}

const HEAD = [
  "| evidence | scenarios | verdict right | exit code right | cause right | segment right | direction right | PMTU right | false blame | inconclusive | packets | time |",
  "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
];

const EVIDENCE: readonly {
  readonly name: string;
  readonly holds: (result: Result) => boolean;
}[] = [
  { name: "live, root and Windows' snapshot", holds: live("root") },
  { name: "live, an ordinary user and no snapshot", holds: live("user") },
  { name: "replayed", holds: ({ row }) => row.kind === "replayed" },
];

function live(evidence: Evidence): (result: Result) => boolean {
  return (result) => result.row.kind === "live" && result.evidence === evidence;
}

/** Totals; packets and time are medians of a run. */
export function tableOf(results: readonly Result[]): string {
  const lines = EVIDENCE.flatMap(({ name, holds }) => {
    const own = results.filter(holds);
    return own.length === 0 ? [] : [totals(name, own)];
  });
  return [...HEAD, ...lines].join("\n");
}

function totals(name: string, own: readonly Result[]): string {
  const right = (aspect: Aspect, asked: (result: Result) => boolean) => {
    const all = own.filter(asked);
    return `${all.filter((result) => !isWrong(result, aspect)).length} of ${all.length}`;
  };
  const blamed = own.filter((result) => isWrong(result, "blame")).length;
  const live = own.some(({ row }) => row.kind === "live");
  return `| ${[
    name,
    own.length,
    right("verdict", () => true),
    `${own.filter(isExitRight).length} of ${own.length}`,
    right("cause", () => true),
    right("segment", hasLocation),
    right("direction", hasLocation),
    right("pmtu", hasPmtu),
    blamed,
    shareOf(own.filter(({ verdict }) => verdict === "inconclusive").length, own.length),
    live ? median(own.map(({ packets }) => packets)) : "",
    live ? seconds(median(own.map(({ ms }) => ms))) : "",
  ].join(" | ")} |`;
}

function isWrong({ wrong }: Result, aspect: Aspect): boolean {
  return wrong.some((one) => one.aspect === aspect);
}

/** What a script that knows the exit code alone is told: degraded and fault are the same to it. */
function isExitRight(result: Result): boolean {
  const { verdict, row } = result;
  const isSame = exitCodeOf(verdict) === exitCodeOf(row.scenario.expected.verdict);
  return isSame || !isWrong(result, "verdict");
}

/** "3 (1 %)" */
function shareOf(count: number, all: number): string {
  return `${count} (${Math.round((100 * count) / all)} %)`;
}

function hasLocation({ row }: Result): boolean {
  return row.scenario.expected.cause !== null;
}

function hasPmtu({ row: { scenario }, evidence }: Result): boolean {
  const { inboundPmtu, outboundPmtu } = scenario.expected;
  return evidence === "root" && (inboundPmtu !== null || outboundPmtu !== undefined);
}

/** A line for each result that was not right; empty when all were. */
export function wrongTable(results: readonly Result[]): string {
  const lines = results.flatMap(({ row, evidence, wrong }) =>
    wrong.length === 0
      ? []
      : [
          `| \`${row.scenario.name}\` | ${evidence} | ${wrong.map(({ text }) => text).join("; ")} |`,
        ],
  );
  if (lines.length === 0) return "";
  return ["| scenario | evidence | not right |", "| --- | --- | --- |", ...lines].join("\n");
}

/** Everything, for docs/accuracy.md. */
export function detailTable(results: readonly Result[]): string {
  const lines = results.map(({ row, evidence, verdict, cause, wrong, packets, ms }) => {
    const how = row.kind === "replayed" ? "replayed" : evidence;
    const live = row.kind === "live";
    const found = cause === null ? verdict : `${verdict}: \`${cause}\``;
    const words = wrong.length === 0 ? "yes" : wrong.map(({ text }) => text).join("; ");
    return `| \`${row.scenario.name}\` | ${row.scenario.title.replaceAll("|", "\\|")} | ${how} | ${found} | ${words} | ${live ? packets : ""} | ${live ? seconds(ms) : ""} |`;
  });
  return [
    "| scenario | what it is | evidence | verdict | right | packets | time |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...lines,
  ].join("\n");
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

const SECOND_MS = 1000;

function seconds(ms: number): string {
  return `${(ms / SECOND_MS).toFixed(1)} s`;
}
