// execa, once it is needed and can start something.

import { closeSync, openSync, realpathSync } from "node:fs";

/** Three pipes with two ends each, and what fork and exec are watched by (libuv, src/unix/process.c), with room to spare. */
const DESCRIPTORS = 12;

/**
 * For want of descriptors Node makes a child without streams, and execa then throws beside an error event that nobody
 * can catch: so they are counted before.
 * @throws as openSync does: EMFILE, ENFILE
 */
export async function loadExeca() {
  // Most runs start no program at all, and it takes its time to load.
  const { execa } = await import("execa");
  const held: number[] = [];
  try {
    for (let n = 0; n < DESCRIPTORS; n++) held.push(openSync("/dev/null", "r"));
  } finally {
    for (const fd of held) closeSync(fd);
  }
  return isFolderThere() ? execa : execa({ cwd: "/" });
}

/** The folder that the tool was started in may have been removed: execa starts nothing there. */
function isFolderThere(): boolean {
  try {
    // realpath(3) asks getcwd(2), which has no name for it any more.
    return realpathSync.native(".") !== "";
  } catch {
    return false;
  }
}
