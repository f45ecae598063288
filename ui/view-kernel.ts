// Where this machine's kernel saw the run's packets, hop by hop, and what it dropped, kind by kind.

import type { KernelDrop } from "../src/schema/events/kernel.ts";
import type { KernelReport } from "../src/schema/kernel-report.ts";
import { line, wrapped } from "./lines.ts";
import { type Column, table } from "./table.ts";
import type { ViewInput, ViewLines } from "./view.ts";

type Hop = KernelReport["hops"][number];

const count = (title: string, of: (hop: Hop) => number): Column<Hop> => ({
  title,
  right: true,
  text: (hop) => `${of(hop)}`,
  value: (hop) => -of(hop),
});

const HOP_COLUMNS: readonly Column<Hop>[] = [
  {
    title: "TTL",
    text: ({ ttl }) => (ttl === null ? "connections" : `${ttl}`),
    value: ({ ttl }) => ttl ?? 0,
  },
  count("sent", ({ sent }) => sent),
  count("netfilter", ({ netfilter }) => netfilter),
  count("device", ({ device }) => device),
  count("returned", ({ returned }) => returned),
  count("answered", ({ answered }) => answered),
  count("dropped", ({ dropped }) => dropped),
];

interface Drops {
  readonly first: KernelDrop;
  readonly ids: readonly string[];
}

const DROP_COLUMNS: readonly Column<Drops>[] = [
  {
    title: "drops",
    right: true,
    text: ({ ids }) => `${ids.length}`,
    value: ({ ids }) => -ids.length,
  },
  {
    title: "reason",
    text: ({ first }) => formatReason(first),
    value: ({ first }) => formatReason(first),
  },
  {
    title: "function",
    grows: true,
    text: ({ first }) => first.symbol ?? "",
    value: ({ first }) => first.symbol ?? "",
  },
  {
    title: "device",
    text: ({ first }) => first.interface ?? "",
    value: ({ first }) => first.interface ?? "",
  },
  { title: "whose", text: ({ first }) => first.match.by, value: ({ first }) => first.match.by },
];

export function kernelView({ snapshot, columns, sort }: ViewInput): ViewLines {
  const { kernel, events } = snapshot;
  const hops = table(kernel?.hops ?? [], HOP_COLUMNS, { columns, sort });
  const dropped = groups(events);
  const drops = table(dropped, DROP_COLUMNS, { columns, sort: 0 });
  const { reason } = snapshot.path.rungs.find(({ rung }) => rung === "kernel-events") ?? {};
  const why = reason == null ? "" : `: ${reason}`;
  const told = (text: string) => wrapped(text, "dim", { columns, first: " ", rest: "   " });
  return {
    heading: [],
    body: [
      ...(kernel === null
        ? told(`this kernel was not watched${why}`)
        : [
            hops.heading,
            ...hops.rows.map(({ row, cells }) => ({
              id: `hop ${row.ttl}`,
              line: cells,
              evidence: row.evidence,
            })),
            ...kernel.notObservable.flatMap((what) => told(`not seen: ${what}`)),
          ]),
      [],
      ...(dropped.length === 0 ? [line(" no drop was seen", "dim")] : [drops.heading]),
      ...drops.rows.map(({ row, cells }) => ({
        id: row.first.symbol ?? "drop",
        line: cells,
        evidence: row.ids,
      })),
    ],
  };
}

function groups(events: ViewInput["snapshot"]["events"]): readonly Drops[] {
  const found = new Map<string, Drops>();
  for (const event of events) {
    if (event.kind !== "kernel-drop") continue;
    const key = [event.reason, event.symbol, event.interface, event.match.by].join();
    const before = found.get(key);
    found.set(key, { first: before?.first ?? event, ids: [...(before?.ids ?? []), event.id] });
  }
  return [...found.values()];
}

function formatReason({ reason, inferred }: KernelDrop): string {
  return reason === null ? "none given" : `${reason}${inferred ? " (inferred)" : ""}`;
}
