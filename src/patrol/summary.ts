// What a watch saw, from its journal: when each target broke, for how long, what changed before, which cause.

import type { JournalLine, VerdictLine } from "./journal.ts";

export interface Incident {
  readonly target: string;
  readonly from: string;
  /** Null while it lasts. */
  readonly until: string | null;
  readonly durationMs: number | null;
  readonly causes: readonly string[];
  /** What changed shortly before it began, the latest first. */
  readonly before: readonly string[];
  readonly recording: string | null;
}

export interface WatchSummary {
  readonly from: string | null;
  readonly to: string | null;
  readonly changes: number;
  readonly incidents: readonly Incident[];
}

/** A change as long before may be why: a round, a check that waits, and a diagnosis lie between. */
const BEFORE_MS = 180_000;
const MOST_BEFORE = 5;

export function summaryOf(lines: readonly JournalLine[]): WatchSummary {
  const verdicts = lines.filter((line) => line.kind === "verdict");
  const targets = [...new Set(verdicts.map(({ target }) => target))];
  const incidents = targets.flatMap((target) =>
    incidentsOf(
      verdicts.filter((line) => line.target === target),
      lines,
    ),
  );
  return {
    from: lines[0]?.at ?? null,
    to: lines.at(-1)?.at ?? null,
    changes: lines.filter(({ kind }) => kind === "change").length,
    incidents: incidents.sort((a, b) => a.from.localeCompare(b.from)),
  };
}

function incidentsOf(
  own: readonly VerdictLine[],
  all: readonly JournalLine[],
): readonly Incident[] {
  const found: Incident[] = [];
  let open: VerdictLine[] = [];
  const close = (until: string | null) => {
    const [first] = open;
    if (first === undefined) return;
    const causes = [...new Set(open.map(({ cause, verdict }) => cause ?? verdict))];
    found.push({
      target: first.target,
      from: first.at,
      until,
      durationMs: until === null ? null : Date.parse(until) - Date.parse(first.at),
      causes,
      before: changesBefore(first.at, all),
      recording: first.recording,
    });
    open = [];
  };
  for (const line of own) {
    const isBroken = line.verdict === "fault" || line.verdict === "degraded";
    if (isBroken) open.push(line);
    else if (line.verdict === "healthy" || open.length > 0) close(line.at);
  }
  close(null);
  return found;
}

function changesBefore(at: string, all: readonly JournalLine[]): readonly string[] {
  const end = Date.parse(at);
  return all
    .flatMap((line) => {
      const isClose = end - Date.parse(line.at) <= BEFORE_MS && Date.parse(line.at) <= end;
      if (!isClose) return [];
      if (line.kind === "slept") return ["the machine slept"];
      if (line.kind !== "change") return [];
      return [
        `${line.what} ${line.subject}: ${line.before ?? "absent"} -> ${line.after ?? "gone"}`,
      ];
    })
    .reverse()
    .slice(0, MOST_BEFORE);
}
