// Several targets side by side: which of them fail, at which stage, with which sizes, and where their paths part.

import type { Snapshot } from "../src/model/snapshot.ts";
import { nextRouter, sharedRouters } from "../src/report/compare.ts";
import type { PmtuEstimate } from "../src/schema/verdict.ts";
import { type Line, wrapped } from "./lines.ts";
import { VERDICT_LOOKS } from "./status.ts";
import { type Column, table } from "./table.ts";
import type { ViewInput, ViewLines } from "./view.ts";

interface TargetRow {
  readonly at: number;
  readonly snapshot: Snapshot;
}

const COLUMNS: readonly Column<TargetRow>[] = [
  { title: "no", right: true, text: ({ at }) => `${at + 1}`, value: ({ at }) => at },
  {
    title: "target",
    grows: true,
    text: ({ snapshot }) => nameOf(snapshot),
    value: ({ snapshot }) => nameOf(snapshot),
  },
  {
    title: "verdict",
    text: ({ snapshot }) => verdictOf(snapshot),
    value: ({ snapshot }) => verdictOf(snapshot),
  },
  {
    title: "fails at",
    text: ({ snapshot }) => failingOf(snapshot),
    value: ({ snapshot }) => failingOf(snapshot),
  },
  {
    title: "out",
    right: true,
    text: ({ snapshot }) => sizeOf(snapshot.diagnosis.pmtu.outbound),
    value: ({ snapshot }) => snapshot.diagnosis.pmtu.outbound.atLeast ?? 0,
  },
  {
    title: "in",
    right: true,
    text: ({ snapshot }) => sizeOf(snapshot.diagnosis.pmtu.inbound),
    value: ({ snapshot }) => snapshot.diagnosis.pmtu.inbound.atLeast ?? 0,
  },
  {
    title: "no answer",
    right: true,
    from: 80,
    text: ({ snapshot }) => lossOf(snapshot),
    value: ({ snapshot }) => -(lastHopOf(snapshot)?.lost ?? 0),
  },
  {
    title: "avg",
    right: true,
    from: 80,
    text: ({ snapshot }) => lastHopOf(snapshot)?.meanMs?.toFixed(1) ?? "",
    value: ({ snapshot }) => -(lastHopOf(snapshot)?.meanMs ?? 0),
  },
  {
    title: "cause",
    from: 100,
    text: ({ snapshot }) => causeOf(snapshot),
    value: ({ snapshot }) => causeOf(snapshot),
  },
  {
    title: "address",
    from: 140,
    text: ({ snapshot }) => snapshot.address ?? "",
    value: ({ snapshot }) => snapshot.address ?? "",
  },
];

export function targetsView({ targets, columns, sort }: ViewInput): ViewLines {
  const drawn = table(
    targets.map((snapshot, at) => ({ snapshot, at })),
    COLUMNS,
    { columns, sort },
  );
  return {
    heading: [drawn.heading],
    body: [
      ...drawn.rows.map(({ row, cells }) => ({
        id: `target ${row.at}`,
        line: toned(cells, row.snapshot),
        evidence: [],
        target: row.at,
      })),
      [],
      ...sharedLines(targets, columns),
    ],
  };
}

function toned(cells: Line, { diagnosis, finished }: Snapshot): Line {
  const { tone } = VERDICT_LOOKS[diagnosis.verdict];
  return finished ? cells.map(({ text }) => ({ text, tone })) : cells;
}

function nameOf({ target }: Snapshot): string {
  return target.input;
}

function isCutShort({ ended }: Snapshot["path"]): boolean {
  return ended !== null && ended.interrupted !== null;
}

function verdictOf({ diagnosis, finished, activity, path }: Snapshot): string {
  const { sign, word } = VERDICT_LOOKS[diagnosis.verdict];
  if (!finished) return activity ?? "running";
  // What ends a run beside others has it traced once more, alone.
  return isCutShort(path) ? "cut short" : `${sign} ${word}`;
}

function failingOf({ diagnosis }: Snapshot): string {
  return diagnosis.stages.find(({ status }) => status === "failed")?.stage ?? "";
}

function causeOf({ diagnosis }: Snapshot): string {
  return diagnosis.findings.find(({ severity }) => severity !== "note")?.cause ?? "";
}

/** Of the rounds after the verdict: the target's own. */
function lastHopOf({ watch }: Snapshot) {
  return watch?.hops.at(-1);
}

function lossOf(snapshot: Snapshot): string {
  const hop = lastHopOf(snapshot);
  return hop === undefined ? "" : `${Math.round((hop.lost * 100) / hop.sent)} %`;
}

/** "1400!": larger packets vanish; "1500+": at least. */
function sizeOf({ bytes, atLeast, exact, silent }: PmtuEstimate): string {
  const size = bytes ?? atLeast;
  if (size === null) return "?";
  return `${size}${silent ? "!" : exact ? "" : "+"}`;
}

/** Of those whose path is known. */
function sharedLines(targets: readonly Snapshot[], columns: number): readonly Line[] {
  const known = targets.filter(({ finished }) => finished);
  if (known.length < 2) return [];
  const shared = sharedRouters(known.map(({ diagnosis }) => diagnosis));
  const last = shared.at(-1);
  const hops = shared.map(({ ttl, address }) => `${ttl} ${address}`).join(", ");
  const parts = known.map((snapshot) => {
    const next = nextRouter(snapshot.diagnosis, last?.ttl ?? 0);
    const isSeen = nextRouter(snapshot.diagnosis, 0) !== undefined;
    const beyond = isSeen ? "the target" : "no router answered";
    const where = next === undefined ? beyond : `${next.ttl} ${next.address}`;
    return `${nameOf(snapshot)}: ${where}`;
  });
  const text = shared.length === 0 ? "no hop" : `hops ${hops}`;
  return [
    ...wrapped(text, "dim", { columns, first: " shared      " }),
    ...parts.flatMap((part, at) =>
      wrapped(part, "dim", { columns, first: at === 0 ? " they part   " : "             " }),
    ),
    ...wrapped(LEGEND, "dim", { columns, first: " " }),
  ];
}

const LEGEND = "1400!: larger packets vanish; 1500+: at least; Enter opens a target, 0 comes back";
