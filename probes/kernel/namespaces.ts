// Names of network namespaces by their inode.

import { readdirSync, statSync } from "node:fs";
import { hrtime } from "node:process";
import type { KernelNamespace } from "../../src/schema/events/kernel.ts";
import type { KernelDevice } from "./kernel-event.ts";

/** Where ip-netns(8), container network plugins and Docker keep theirs. */
const FOLDERS = ["/run/netns", "/run/docker/netns"];
const OWN = "/proc/self/ns/net";

/** The one that this process is in; no file can have this name. */
export const OWN_NAMESPACE = "/own/";

/** As a recording keeps it. */
export function namespaceOf({ netns, netnsName }: KernelDevice): KernelNamespace {
  const own = netns === null ? null : netnsName === OWN_NAMESPACE;
  return { own, name: own ? null : netnsName, inode: netns };
}

export interface NamespaceNames {
  /** Of the one that this process is in; null where it cannot be read. */
  readonly own: number | null;
  /** One that was made since the last look is looked for, but not too often; null without a name. */
  nameOf(inode: number): string | null;
}

const LOOK_AGAIN_NS = 1_000_000_000n;

export function readNamespaceNames(
  folders: readonly string[] = FOLDERS,
  now: () => bigint = hrtime.bigint,
): NamespaceNames {
  const own = inodeOf(OWN);
  let names = namesIn(folders);
  let lookedAt = now();
  return {
    own,
    nameOf: (inode) => {
      if (inode === own) return OWN_NAMESPACE;
      const known = names.get(inode);
      if (known !== undefined || inode === 0) return known ?? null;
      if (now() - lookedAt < LOOK_AGAIN_NS) return null;
      names = namesIn(folders);
      lookedAt = now();
      return names.get(inode) ?? null;
    },
  };
}

function namesIn(folders: readonly string[]): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const folder of folders) {
    for (const name of filesIn(folder)) {
      const inode = inodeOf(`${folder}/${name}`);
      if (inode !== null && !names.has(inode)) names.set(inode, name);
    }
  }
  return names;
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** A namespace may be gone between the two calls. */
function inodeOf(path: string): number | null {
  try {
    return statSync(path).ino;
  } catch {
    return null;
  }
}
