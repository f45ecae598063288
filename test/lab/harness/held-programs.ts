// The kernel programs that one process keeps: what others have loaded is none of a test's business.

import { readdirSync, readFileSync } from "node:fs";

/** The programs that descriptors of a process keep, by proc_pid_fdinfo(5). */
export function programsOf(pid: number): readonly number[] {
  const folder = `/proc/${pid}/fdinfo`;
  return readdirSync(folder).flatMap((fd) => {
    try {
      const [, id] = /^prog_id:\s*(\d+)$/m.exec(readFileSync(`${folder}/${fd}`, "latin1")) ?? [];
      return id === undefined ? [] : [Number(id)];
    } catch {
      // Closed between the two calls.
      return [];
    }
  });
}
