// Waits until a program of the lab reports that it is ready.

import { LabError } from "../error.ts";
import type { LabProcess } from "../lab-system.ts";

/** The first line that fits; what comes later is read and dropped, or the program would block on it. */
export async function waitForLine(
  program: LabProcess,
  fits: (line: string) => boolean,
  name: string,
): Promise<string> {
  for (;;) {
    const { value, done } = await program.lines.next();
    if (done) throw new LabError("lab-program", `${name} ended before it was ready`);
    if (fits(value)) {
      void drain(program);
      return value;
    }
  }
}

async function drain(program: LabProcess): Promise<void> {
  for (;;) {
    const { done } = await program.lines.next();
    if (done) return;
  }
}
