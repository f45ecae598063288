// Changes with a journal: what is about to be changed is on the disk before it is, so that a killed run can be finished or taken back.

import type { Change } from "../fixing/change.ts";
import { formatChange } from "../fixing/formatted.ts";
import { type Entry, type Step, withLast } from "../fixing/journal.ts";
import type { FixDeps, Restored } from "./fix-port.ts";

type Deps = Pick<FixDeps, "store" | "machine" | "now">;

/** Does the changes in their order; the entry that they make is `trying` then. @throws TraceError of one that failed */
export async function carryOut(
  changes: readonly Change[],
  { cause, isLasting }: Pick<Entry, "cause" | "isLasting">,
  deps: Deps,
): Promise<Entry> {
  const begun = await deps.store.journal();
  const started = { cause, isLasting, startedAt: deps.now(), ...(await deps.machine.here()) };
  let entry: Entry = { ...started, status: "applying", steps: [] };
  const save = (next: Entry) => {
    entry = next;
    return deps.store.write({ ...begun, entries: [...begun.entries, entry] });
  };
  for (const change of changes) {
    const before = await deps.machine.stateOf(change);
    const done = entry.steps;
    await save({ ...entry, steps: [...done, { change, before, after: null }] });
    await deps.machine.perform(change);
    const after = await deps.machine.stateOf(change);
    entry = { ...entry, steps: [...done, { change, before, after }] };
  }
  await save({ ...entry, status: "trying" });
  return entry;
}

/** Says that the last entry stays. */
export async function keep({ store }: Deps, entry: Entry): Promise<void> {
  await store.write(withLast(await store.journal(), { ...entry, status: "kept" }));
}

/** What became of each step, the last one first. */
export type Undone = readonly { readonly step: Step; readonly restored: Restored | "gone" }[];

/**
 * Takes the last entry back, step by step from its end, and out of the journal; one that somebody else changed since
 * stays in it.
 */
export async function undoLast({ store, machine }: Deps, entry: Entry): Promise<Undone> {
  const journal = await store.journal();
  const { boot, netns } = await machine.here();
  const isHere = entry.boot === boot && entry.netns === netns;
  await store.write(withLast(journal, { ...entry, status: "undoing" }));
  const undone: Undone[number][] = [];
  for (const step of [...entry.steps].reverse()) {
    // A restart took it back, or it was in a network namespace that is not this one.
    const isGone = step.before.kind === "lines" && !isHere;
    // What a kill has left half written is like neither state.
    const isWhole = entry.status !== "undoing" && step.after !== null;
    const restored = isGone ? "gone" : await machine.restore(step, isWhole);
    undone.push({ step, restored });
  }
  const isLeft = undone.some(({ restored }) => restored === "changed-since");
  await store.write(withLast(journal, isLeft ? { ...entry, status: "kept" } : null));
  return undone;
}

const OUTCOMES = {
  "as-before": "was as before",
  restored: "taken back",
  "changed-since": "changed by somebody else since, and left so",
  gone: "gone with a restart, or in another network namespace",
} as const satisfies Record<Undone[number]["restored"], string>;

export function undoneLines(undone: Undone): readonly string[] {
  return undone.map(
    ({ step, restored }) => `  ${formatChange(step.change)}: ${OUTCOMES[restored]}`,
  );
}
