// Runs code of the test process inside a namespace: its sockets belong there, nothing is spawned.

import { closeSync, openSync } from "node:fs";
import koffi from "koffi";
import type { Net } from "./net.ts";

/** linux/sched.h */
const CLONE_NEWNET = 0x40000000;
const setns = koffi.load(null).func("int setns(int fd, int type)");

/** @throws Error when the namespace cannot be entered or left */
export async function inside<T>(net: Net, host: string, use: () => Promise<T>): Promise<T> {
  const own = openSync("/proc/self/ns/net", "r");
  enter(`/run/netns/${net.name(host)}`);
  return use().finally(() => {
    const result = Number(setns(own, CLONE_NEWNET));
    closeSync(own);
    if (result !== 0) throw new Error("no way back from the namespace");
  });
}

function enter(path: string): void {
  const fd = openSync(path, "r");
  const result = Number(setns(fd, CLONE_NEWNET));
  closeSync(fd);
  if (result !== 0) throw new Error(`cannot enter ${path}`);
}
