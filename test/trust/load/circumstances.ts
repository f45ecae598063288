// What a machine may be short of while the tool runs: processor, files, memory, room on the disk.

import { type ChildProcess, spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { EXIT } from "../../../src/errors.ts";

export interface Circumstance {
  readonly name: string;
  readonly what: string;
  /** Runs side by side in one network. */
  readonly atOnce?: number;
  /** Busy loops on each core meanwhile. */
  readonly loopsPerCore?: number;
  /** What stands before the command, as root: fixed text. */
  readonly before?: readonly string[];
  readonly options?: readonly string[];
  /** In place of the verdict's own. */
  readonly exitCode?: number;
}

const MEMORY = `
mkdir -p /mnt && mount -t tmpfs none /mnt && mkdir /mnt/group
mount -t cgroup -o memory none /mnt/group 2> /dev/null || mount -t cgroup2 none /mnt/group || exit 125
mine=/mnt/group/wsl-trace-load-$$; mkdir $mine || exit 125
for limit in memory.max memory.limit_in_bytes; do [ ! -e $mine/$limit ] || echo 512M > $mine/$limit || exit 125; done
(echo $(exec sh -c 'echo $PPID') > $mine/cgroup.procs; exec "$@"); code=$?
rmdir $mine; exit $code`;
const FULL = `
mount -t tmpfs -o size=64k,mode=1777 none /mnt && ! head -c 1M /dev/zero > /mnt/filler 2> /dev/null && exec "$@"`;

export const CIRCUMSTANCES: readonly Circumstance[] = [
  { name: "alone", what: "nothing else runs" },
  { name: "busy", what: "two busy loops on each core", loopsPerCore: 2 },
  { name: "crowd", what: "20 runs at once in one network", atOnce: 20 },
  { name: "files", what: "64 open files", before: ["prlimit", "--nofile=64"] },
  {
    name: "memory",
    what: "512 MB of memory, page cache included",
    before: ["unshare", "--mount", "sh", "-c", MEMORY, "sh"],
  },
  {
    name: "disk",
    what: "a full disk under the recording and the report",
    before: ["unshare", "--mount", "sh", "-c", FULL, "sh"],
    options: ["--record", "/mnt/run.ndjson", "--report", "/mnt/run.md"],
    exitCode: EXIT.inconclusive,
  },
];

/** Loops that are ended by what is returned. */
export function startLoops(perCore: number): () => void {
  const loops = Array.from(
    { length: perCore * availableParallelism() },
    (): ChildProcess => spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" }),
  );
  return () => {
    for (const loop of loops) loop.kill("SIGKILL");
  };
}
