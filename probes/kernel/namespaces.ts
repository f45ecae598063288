// Names of network namespaces by their inode.

import { readdir, stat } from "node:fs/promises";

const NAMED = "/run/netns";
const OWN = "/proc/self/ns/net";

/** The one that this process is in. */
export const OWN_NAMESPACE = "own";

/** Those below /run/netns (ip-netns(8)) and the process's own, as they are now. */
export async function readNamespaceNames(): Promise<ReadonlyMap<number, string>> {
  const names = new Map<number, string>();
  const files = await readdir(NAMED).catch(() => []);
  for (const name of files) await addInode(names, `${NAMED}/${name}`, name);
  await addInode(names, OWN, OWN_NAMESPACE);
  return names;
}

async function addInode(names: Map<number, string>, path: string, name: string): Promise<void> {
  // A namespace may be gone between the two calls.
  const found = await stat(path).catch(() => undefined);
  if (found !== undefined) names.set(found.ino, name);
}
