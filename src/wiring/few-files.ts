// Where few files may be open, what the end of a run needs is loaded before the run opens sockets of its own.

import { readFileSync } from "node:fs";

/** Some thirty are Node's and the bundle's, which is read side by side; a run has as many open at its height. */
const FEW_FILES = 128;
const LIMITS = "/proc/self/limits";

/** An import that failed for want of a descriptor stays failed (Node keeps the rejection), and the report with it. */
export async function loadEarlyWhereFewFiles(): Promise<void> {
  if (openFilesAllowed() >= FEW_FILES) return;
  // One after the other: each of them reads its chunks side by side.
  await import("../report/diagnosis.ts");
  await import("../commands/path-output.ts");
  await import("../report/json.ts");
}

/** The soft limit (proc_pid_limits(5)); Infinity where it cannot be read. */
function openFilesAllowed(): number {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync(LIMITS, "utf8")) ?? [];
    return Number(soft ?? Infinity);
  } catch {
    return Infinity;
  }
}
