// Finds and removes what a lab left behind that could not remove itself.

import { join } from "node:path";
import type { Clock } from "../../../../src/clock.ts";
import type { LabSystem } from "../lab-system.ts";
import { removalBatch } from "./ip-batch.ts";
import { NAMESPACE_DIRECTORY, pidOfNamespace } from "./namespace.ts";
import { endProcesses, processesInside, processStart } from "./processes.ts";
import { SOCKET_DIRECTORY } from "./wireguard.ts";

const DIRECTORY_PREFIX = "wsl-trace-lab-";

/** The start of a lab's folder name: it names its owner so that nobody with the same id is taken for it. */
export function directoryPrefix(pid: number, start: number | null): string {
  return `${DIRECTORY_PREFIX}${pid}-${start ?? 0}-`;
}

/** Removes what belongs to no living process; gives a line for each thing. */
export async function cleanLeftovers(system: LabSystem, clock: Clock): Promise<readonly string[]> {
  const owners = await directoryOwners(system);
  const namespaces = await deadOnes(system, owners, NAMESPACE_DIRECTORY, pidOfNamespace);
  const inside = await processesInside(system, namespaces);
  await endProcesses(system, clock, inside);
  if (namespaces.length > 0) {
    await system.run("ip", ["-force", "-batch", "-"], { input: removalBatch(namespaces) });
  }
  const sockets = await deadOnes(system, owners, SOCKET_DIRECTORY, pidOfSocket);
  for (const name of sockets) await system.remove(join(SOCKET_DIRECTORY, name));
  if (sockets.length > 0) await system.removeIfEmpty(SOCKET_DIRECTORY);
  const directories = await removeDirectories(system, owners);
  return [
    ...inside.map((pid) => `process ${pid}`),
    ...namespaces.map((name) => `namespace ${name}`),
    ...sockets.map((name) => `socket ${join(SOCKET_DIRECTORY, name)}`),
    ...directories.map((path) => `folder ${path}`),
  ];
}

interface DirectoryOwner {
  readonly path: string;
  readonly pid: number;
  readonly alive: boolean;
}

async function directoryOwners(system: LabSystem): Promise<readonly DirectoryOwner[]> {
  const names = await list(system, system.temporaryDirectory);
  const found = names.map(async (name) => {
    const match = /^wsl-trace-lab-(\d+)-(\d+)-/.exec(name);
    if (match === null) return [];
    const pid = Number(match[1]);
    const alive = (await processStart(system, pid)) === Number(match[2]);
    return [{ path: join(system.temporaryDirectory, name), pid, alive }];
  });
  return (await Promise.all(found)).flat();
}

/** Those that could be removed: another user's are for that user, or root. */
async function removeDirectories(
  system: LabSystem,
  owners: readonly DirectoryOwner[],
): Promise<readonly string[]> {
  const removed = owners
    .filter(({ alive }) => !alive)
    .map(({ path }) =>
      system.remove(path).then(
        () => [path],
        () => [],
      ),
    );
  return (await Promise.all(removed)).flat();
}

/** The entries of a folder that are named by us after a process which is not the one that made them. */
async function deadOnes(
  system: LabSystem,
  owners: readonly DirectoryOwner[],
  folder: string,
  pidOf: (name: string) => number | null,
): Promise<readonly string[]> {
  const checked = (await list(system, folder)).map(async (name) => {
    const pid = pidOf(name);
    if (pid === null || pid === system.pid) return [];
    if (owners.some((owner) => owner.pid === pid && owner.alive)) return [];
    return (await madeByLiving(system, join(folder, name), pid)) ? [] : [name];
  });
  return (await Promise.all(checked)).flat();
}

/** USER_HZ, the unit of /proc/PID/stat, is 100 on every platform that Node runs on. */
const TICKS_PER_SECOND = 100;
const MS_PER_SECOND = 1000;
/** btime has whole seconds. */
const ROUNDING_MS = 2000;

/** Whether that process runs and did so when the entry was made: ids are used again. */
async function madeByLiving(system: LabSystem, path: string, pid: number): Promise<boolean> {
  const start = await processStart(system, pid);
  const facts = await system.fileFacts(path);
  if (start === null || facts === null) return false;
  const boot = /^btime (\d+)$/m.exec(await system.readText("/proc/stat"));
  const startedMs = (Number(boot?.[1] ?? 0) + start / TICKS_PER_SECOND) * MS_PER_SECOND;
  return startedMs <= facts.modifiedMs + ROUNDING_MS;
}

function pidOfSocket(name: string): number | null {
  return name.endsWith(".sock") ? pidOfNamespace(name.slice(0, -".sock".length)) : null;
}

async function list(system: LabSystem, folder: string): Promise<readonly string[]> {
  return system.listDirectory(folder).catch(() => []);
}
