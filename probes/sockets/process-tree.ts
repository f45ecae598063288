// A program and all that it started, with the sockets that they hold: /proc, which a user may read of their own.

import { readdirSync, readFileSync, readlinkSync } from "node:fs";

export interface ProcessTree {
  /** Processes that are there, the program first; looks for new ones. */
  refresh(): readonly number[];
  /** Inodes of the sockets that they hold, with the process that holds each. */
  sockets(): ReadonlyMap<number, number>;
  /** Programs whose sockets this user may not see, by name. */
  unreadable(): ReadonlySet<string>;
}

/** A program that forks without end costs no memory here. */
const MOST_PROCESSES = 2000;

/** @param root the program; gone or not */
export function createProcessTree(root: number): ProcessTree {
  let known: readonly number[] = [root];
  const unreadable = new Set<string>();
  const refresh = () => {
    const found = new Set<number>();
    const open = [...known];
    for (const pid of open) {
      if (found.has(pid) || found.size >= MOST_PROCESSES) continue;
      const children = childrenOf(pid);
      if (children === null) continue;
      found.add(pid);
      open.push(...children);
    }
    known = [...found];
    return known;
  };
  return {
    refresh,
    sockets: () => {
      const held = new Map<number, number>();
      for (const pid of refresh()) {
        const inodes = socketsOf(pid);
        if (inodes === null) unreadable.add(programName(pid));
        for (const inode of inodes ?? []) held.set(inode, pid);
      }
      return held;
    },
    unreadable: () => unreadable,
  };
}

/** Null where the process is gone. Each thread has children of its own (proc(5), CONFIG_PROC_CHILDREN). */
function childrenOf(pid: number): readonly number[] | null {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) => {
      const text = readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8");
      return text.split(" ").flatMap((one) => (one.trim() === "" ? [] : [Number(one)]));
    });
  } catch {
    return isThere(pid) ? [] : null;
  }
}

function isThere(pid: number): boolean {
  try {
    // A zombie holds nothing.
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

/** Null where this user may not look. */
function socketsOf(pid: number): readonly number[] | null {
  let names: readonly string[];
  try {
    names = readdirSync(`/proc/${pid}/fd`);
  } catch {
    return isThere(pid) ? null : [];
  }
  return names.flatMap((name) => {
    try {
      const [, inode] = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${name}`)) ?? [];
      return inode === undefined ? [] : [Number(inode)];
    } catch {
      // Closed meanwhile.
      return [];
    }
  });
}

/** What the process calls itself (proc(5), comm), "?" once it is gone. */
export function programName(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trimEnd();
  } catch {
    return "?";
  }
}

/** Its arguments; none once it is gone. */
export function argumentsOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1);
  } catch {
    return [];
  }
}

/** Whether the process sees the network that this one sees; null where that cannot be read. */
export function sharesNetwork(pid: number): boolean | null {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`) === readlinkSync("/proc/self/ns/net");
  } catch {
    return null;
  }
}
