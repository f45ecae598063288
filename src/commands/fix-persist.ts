// `wsl-trace fix --persist`: the lasting form of what was kept, merged into the files that are there; the difference is shown first.

import { EXIT } from "../errors.ts";
import { type Change, edited, type State } from "../fixing/change.ts";
import { formatChange, lineDiff } from "../fixing/formatted.ts";
import type { Entry } from "../fixing/journal.ts";
import { type Ground, LASTING_FILES, lastingForm } from "../fixing/lasting.ts";
import { mayGoOn } from "./fix-ask.ts";
import { carryOut, keep } from "./fix-journaled.ts";
import type { FixDeps, FixRequest } from "./fix-port.ts";

/** Gives 0 where everything that was kept lasts now, or did before. */
export async function persist(request: Pick<FixRequest, "yes">, deps: FixDeps): Promise<number> {
  const { entries } = await deps.store.journal();
  for (const entry of entries.filter(({ isLasting }) => !isLasting)) {
    if (entries.some(({ isLasting, cause }) => isLasting && cause === entry.cause)) continue;
    const changes = await lastingOf(entry, deps);
    if (changes.length === 0) {
      deps.print(`${entry.cause}: nothing of it would be lost by a restart\n`);
      continue;
    }
    await show(changes, deps);
    if (!(await mayGoOn(request, deps, "write this?"))) return EXIT.inconclusive;
    await keep(deps, await carryOut(changes, { cause: entry.cause, isLasting: true }, deps));
    deps.print("it stays after a restart now; wsl-trace fix --undo takes it back\n");
  }
  return EXIT.healthy;
}

/** What changes something: files that say so already are left alone. */
async function lastingOf(entry: Entry, deps: FixDeps): Promise<readonly Change[]> {
  const ground = await groundOf(deps);
  const wanted = lastingForm(
    entry.steps.map(({ change }) => change),
    ground,
  );
  const states = await Promise.all(wanted.map((one) => deps.machine.stateOf(one)));
  return wanted.filter((one, index) => !isThere(one, states[index]));
}

function isThere(one: Change, now: State | undefined): boolean {
  if (one.kind === "folder") return now?.kind === "folder";
  if (one.kind === "link") return now?.kind === "link" && now.target === one.target;
  return (
    one.kind === "edit" && now?.kind === "file" && edited(textOf(now), one.edit) === textOf(now)
  );
}

async function groundOf({ machine, isWsl }: FixDeps): Promise<Ground> {
  const texts = new Map<string, string>();
  for (const path of LASTING_FILES) {
    texts.set(
      path,
      textOf(await machine.stateOf({ kind: "edit", path, edit: { kind: "append", text: "" } })),
    );
  }
  const name = await machine.stateOf({ kind: "remove", path: "/etc/resolv.conf" });
  return {
    isWsl,
    hasSystemd: await machine.hasSystemd(),
    resolvConfLink: name.kind === "link" ? name.target : null,
    text: (path) => texts.get(path) ?? "",
  };
}

async function show(changes: readonly Change[], { machine, store, print }: FixDeps): Promise<void> {
  for (const one of changes) {
    const before = await machine.stateOf(one);
    if (one.kind !== "edit") {
      print(`${formatChange(one)}\n`);
      continue;
    }
    const text = textOf(before);
    print(`${lineDiff(one.path, text, edited(text, one.edit)).join("\n")}\n`);
    if (before.kind !== "file") continue;
    const copy = await store.backUp(one.path, Buffer.from(before.base64, "base64"));
    print(`as it was: ${copy}\n`);
  }
}

function textOf(state: State): string {
  return state.kind === "file" ? Buffer.from(state.base64, "base64").toString() : "";
}
