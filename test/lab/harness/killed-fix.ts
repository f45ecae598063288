// A fix that is killed: does the commands, or takes them back, and ends by SIGKILL at the moment that is named.

import { truncateSync } from "node:fs";
import { createFixMachine } from "../../../probes/fixing/machine.ts";
import { openStateFolder } from "../../../probes/fixing/state-folder.ts";
import { realSystem } from "../../../probes/system.ts";
import { carryOut, keep, undoLast } from "../../../src/commands/fix-journaled.ts";
import { changesOf } from "../../../src/fixing/read-commands.ts";
import { createFixStore } from "../../../src/wiring/fix-store.ts";

const [what = "", moment = "", ...commands] = process.argv.slice(2);
const folder = openStateFolder(process);
const changes = changesOf(commands);
if (folder === null || changes === null)
  throw new Error("no folder, or a command that is not read");

let count = 0;
/** Before a call, after it, or with a file that is half written: each is a moment. */
async function guarded<T>(work: () => Promise<T>, path: string | null): Promise<T> {
  dieAt();
  if (path !== null) {
    count += 1;
    if (String(count) === moment) {
      truncate(path);
      process.kill(process.pid, "SIGKILL");
    }
  }
  const result = await work();
  dieAt();
  return result;
}

function dieAt(): void {
  count += 1;
  if (String(count) === moment) process.kill(process.pid, "SIGKILL");
}

function truncate(path: string): void {
  try {
    truncateSync(path, 3);
  } catch {
    // It is not there, or a link to nothing: then nothing can be half written.
  }
}

const real = createFixMachine(realSystem);
const store = createFixStore(folder);
const deps = {
  now: () => "2026-01-01T00:00:00.000Z",
  store: {
    ...store,
    write: (next: Parameters<typeof store.write>[0]) => guarded(() => store.write(next), null),
  },
  machine: {
    ...real,
    perform: (change: Parameters<typeof real.perform>[0]) =>
      guarded(() => real.perform(change), change.kind === "edit" ? change.path : null),
    restore: (step: Parameters<typeof real.restore>[0], isWhole: boolean) =>
      guarded(
        () => real.restore(step, isWhole),
        step.change.kind === "edit" && step.before.kind === "file" ? step.change.path : null,
      ),
  },
};
if (what === "apply") {
  await keep(deps, await carryOut(changes, { cause: "rp-filter-drop", isLasting: false }, deps));
} else {
  const entry = (await store.journal()).entries.at(-1);
  if (entry !== undefined) await undoLast(deps, entry);
}
