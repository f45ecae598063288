// Does something in another network namespace, in this very process: a socket stays where it was opened.

import { closeSync, openSync } from "node:fs";
import koffi from "koffi";

const setns = koffi.load(null).func("int setns(int fd, int type)");
/** linux/sched.h */
const CLONE_NEWNET = 0x40000000;

/** @param work must be done when it returns: the thread goes back then */
export function inNetns<T>(name: string, work: () => T): T {
  const own = openSync("/proc/thread-self/ns/net", "r");
  const other = openSync(`/run/netns/${name}`, "r");
  try {
    if (Number(setns(other, CLONE_NEWNET)) !== 0) throw new Error(`setns ${name} failed`);
    try {
      return work();
    } finally {
      // Anything after this would happen in another network.
      if (Number(setns(own, CLONE_NEWNET)) !== 0) process.abort();
    }
  } finally {
    closeSync(own);
    closeSync(other);
  }
}
