// This machine as `wsl-trace fix` changes it: what a change would touch, the change, and the way back.

import { access, readFile, readlink } from "node:fs/promises";
import type { FixMachine, Restored } from "../../src/commands/fix-port.ts";
import { EXIT, messageOf, TraceError } from "../../src/errors.ts";
import type { Change, State } from "../../src/fixing/change.ts";
import { formatChange } from "../../src/fixing/formatted.ts";
import type { Step } from "../../src/fixing/journal.ts";
import type { System } from "../system.ts";
import { changeFile, fileState, restoreFile } from "./files.ts";
import { netLines, restoreLines } from "./net-lines.ts";
import { runIp } from "./run-ip.ts";
import { writeSetting } from "./settings.ts";

export function createFixMachine(system: System): FixMachine {
  const stateOf = (one: Change) => stateFor(system, one);
  return {
    stateOf,
    perform: (one) =>
      perform(system, one).catch((error: unknown) => {
        if (error instanceof TraceError) throw error;
        throw new TraceError("fix-failed", `${formatChange(one)}: ${messageOf(error)}`, {
          exitCode: EXIT.inconclusive,
          cause: error,
        });
      }),
    restore: (step, isWhole) => restore(system, step, isWhole),
    flush: () => flush(system),
    here: async () => ({
      boot: await readFile("/proc/sys/kernel/random/boot_id", "utf8").then((id) => id.trim()),
      netns: await readlink("/proc/self/ns/net"),
    }),
    // What sd_booted(3) looks at.
    hasSystemd: () =>
      access("/run/systemd/system").then(
        () => true,
        () => false,
      ),
  };
}

async function stateFor(system: System, one: Change): Promise<State> {
  if (one.kind === "flush-cache") return { kind: "nothing" };
  if ("path" in one) return fileState(system, one);
  return { kind: "lines", lines: await netLines(system, one) };
}

async function perform(system: System, one: Change): Promise<void> {
  switch (one.kind) {
    case "link-mtu":
      await runIp(system, ["link", "set", "dev", one.device, "mtu", String(one.mtu)]);
      return;
    case "ip":
      await runIp(system, [`-${one.family}`, one.object, ...one.args]);
      return;
    case "sysctl":
      return writeSetting(one.key, one.value);
    case "flush-cache":
      return flush(system);
    default:
      return changeFile(system, one);
  }
}

/** @param isWhole whether the step's `after` is known, so that what others changed since is left */
async function restore(
  system: System,
  { change, before, after }: Step,
  isWhole: boolean,
): Promise<Restored> {
  const now = await stateFor(system, change);
  if (isAlike(now, before)) return "as-before";
  if (before.kind === "lines" && now.kind === "lines") {
    const made = isWhole && after?.kind === "lines" ? after.lines : now.lines;
    const read = () => netLines(system, change);
    await restoreLines(system, { before: before.lines, after: made, read });
    return isAlike(await stateFor(system, change), before) ? "restored" : "changed-since";
  }
  if (isWhole && after !== null && !isAlike(now, after)) return "changed-since";
  await restoreFile(system, before);
  return "restored";
}

/** Lines have no order: the kernel lists them as they came. */
function isAlike(one: State, other: State): boolean {
  return canonical(one) === canonical(other);
}

function canonical(state: State): string {
  return JSON.stringify(state.kind === "lines" ? [...state.lines].sort() : state);
}

/** What the kernel and the resolver have learnt, which would hide that a fault is there or gone. */
async function flush(system: System): Promise<void> {
  for (const family of ["-4", "-6"]) await system.run("ip", [family, "route", "flush", "cache"]);
  await system.run("ip", ["tcp_metrics", "flush", "all"]);
  await system.run("resolvectl", ["flush-caches"]);
}
