// The headings and marks of a comparison, for text and Markdown alike.

import type { Area, Change } from "./change.ts";
import type { Diff, RunHead } from "./diff.ts";

export const AREA_TITLES: Readonly<Record<Area, string>> = {
  verdict: "Verdict",
  findings: "Findings",
  stages: "Stages",
  sizes: "Path MTU",
  target: "Target",
  chain: "Chain",
  addresses: "Addresses",
  mtus: "MTUs",
  routes: "Routes",
  dns: "DNS",
  proxy: "Proxy",
};

export const UNCLEAR_TITLE = "Seen by one of both alone, so no change is known";
export const BESIDE_TITLE = "No change of the network";

/** "+" came, "-" went, "~" is another. */
export function markOf({ before, after }: Pick<Change, "before" | "after">): string {
  if (before === null) return "+";
  return after === null ? "-" : "~";
}

/** "1500 -> 1400", or the one value that there is. */
export function valuesOf({ before, after }: Pick<Change, "before" | "after">): string {
  return before === null || after === null ? (before ?? after ?? "") : `${before} -> ${after}`;
}

export function headline({ changes, before, after }: Diff): string {
  const count = changes.length === 1 ? "1 change" : `${changes.length} changes`;
  const verdicts =
    before.verdict === after.verdict ? before.verdict : `${before.verdict} -> ${after.verdict}`;
  return changes.length === 0
    ? `nothing that matters changed: ${verdicts}`
    : `${count}: ${verdicts}`;
}

export function runLine({ startedAt, target, verdict, cause }: RunHead): string {
  return `${target}, ${startedAt}: ${verdict}${cause === null ? "" : `, ${cause}`}`;
}

/** What a reader must know of names that stand for others; null where none do. */
export function redactedLine({ redacted }: Diff): string | null {
  if (redacted === undefined) return null;
  if (redacted === "together")
    return "names and addresses stand for others, for equal ones in both";
  return "names and addresses stand for others, numbered in each run by itself: equal ones may be different, and different ones equal";
}
