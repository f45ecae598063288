// What differs beside the network: who looked, with what, and at which versions.

import type { Report } from "../../schema/report.ts";
import { environmentOf } from "../faces/environment.ts";
import type { Side } from "./side.ts";

/** Said, and no change of the network. */
export interface Beside {
  readonly what: string;
  readonly before: string;
  readonly after: string;
}

const NOT_KNOWN = "unknown";

type Reader = (side: Side) => string;

const READERS: readonly (readonly [what: string, read: Reader])[] = [
  ["privileges", ({ report }) => privileges(report)],
  ["Windows' snapshot", ({ path }) => ORIGINS[path.host?.origin ?? "none"]],
  ["command", ({ path }) => path.run?.command ?? "path"],
  ["wsl-trace", ({ report }) => report.version],
  ["kernel", ({ report }) => report.vantage.kernel],
  ["Windows", ({ report }) => environmentOf(report).windows ?? NOT_KNOWN],
  ["WSL", ({ report }) => environmentOf(report).wsl ?? NOT_KNOWN],
  ["network namespace", ({ report }) => report.vantage.netns ?? "its own"],
];

const ORIGINS = { file: "from a file", interop: "queried", none: "none" } as const;

export function besides(before: Side, after: Side): readonly Beside[] {
  return [...others(before, after), ...notes(before.report, after.report)];
}

function others(before: Side, after: Side): readonly Beside[] {
  return READERS.flatMap(([what, read]) => {
    const [was, is] = [read(before), read(after)];
    // What only one of them read tells of no other version.
    const isKnown = was !== NOT_KNOWN && is !== NOT_KNOWN;
    return isKnown && was !== is ? [{ what, before: was, after: is }] : [];
  });
}

function notes(before: Report, after: Report): readonly Beside[] {
  const [was, is] = [before, after].map(({ findings }) => findings.map(({ cause }) => cause));
  const all = [...before.findings, ...after.findings].filter(({ severity }) => severity === "note");
  return [...new Set(all.map(({ cause }) => cause))].flatMap((cause) => {
    const [one, other] = [was, is].map((found) => (found?.includes(cause) ? "found" : "not found"));
    if (one === undefined || other === undefined || one === other) return [];
    return [{ what: `the note ${cause}`, before: one, after: other }];
  });
}

function privileges({ vantage }: Report): string {
  const there = vantage.ladder.filter(({ available }) => available).map(({ rung }) => rung);
  return there.length === 0 ? "none" : there.join(", ");
}
