// Which processes live inside a namespace, and how they are ended.

import type { Clock } from "../../../../src/clock.ts";
import type { LabSystem } from "../lab-system.ts";
import { NAMESPACE_DIRECTORY } from "./namespace.ts";

/** Ids of every process whose network namespace is one of these. */
export async function processesInside(
  system: LabSystem,
  namespaces: readonly string[],
): Promise<readonly number[]> {
  const files = namespaces.map((name) => system.fileFacts(`${NAMESPACE_DIRECTORY}/${name}`));
  const wanted = new Set(
    (await Promise.all(files)).flatMap((facts) => (facts ? [key(facts)] : [])),
  );
  const pids = (await system.listDirectory("/proc"))
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  const inside = await Promise.all(
    pids.map(async (pid) => {
      const facts = await system.fileFacts(`/proc/${pid}/ns/net`);
      return facts !== null && wanted.has(key(facts)) && pid !== system.pid ? [pid] : [];
    }),
  );
  return inside.flat();
}

const WAIT_MS = 10;
const PATIENCE_MS = 2000;

/** Ends them at once and waits until they are gone. */
export async function endProcesses(
  system: LabSystem,
  clock: Clock,
  pids: readonly number[],
): Promise<void> {
  for (const pid of pids) system.signal(pid, "SIGKILL");
  const until = clock.now() + PATIENCE_MS;
  while (clock.now() < until && (await anyAlive(system, pids))) await clock.sleep(WAIT_MS);
}

async function anyAlive(system: LabSystem, pids: readonly number[]): Promise<boolean> {
  const ticks = await Promise.all(pids.map((pid) => processStart(system, pid)));
  return ticks.some((start) => start !== null);
}

/** When it started, in clock ticks since boot (proc_pid_stat(5), field 22); null when it is no more. */
export async function processStart(system: LabSystem, pid: number): Promise<number | null> {
  const text = await system.readText(`/proc/${pid}/stat`).catch(() => "");
  // The second field is the program's name in brackets, which may hold anything.
  const [state, ...fields] = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const start = Number(fields[18]);
  return text === "" || state === "Z" || !Number.isFinite(start) ? null : start;
}

function key({ device, inode }: { readonly device: number; readonly inode: number }): string {
  return `${device}:${inode}`;
}
