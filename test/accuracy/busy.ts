// Two loops that hold the machine's cores while it is measured how steady verdicts are.

import { execa } from "execa";

const LOOPS = 2;
/** A loop ends by itself after that, whatever became of whoever started it. */
const LOOP_MS = 60_000;
const LOOP = `const end = Date.now() + ${LOOP_MS}; while (Date.now() < end);`;

/** Runs loops, one after the other on each core, until the signal; they end with this process as well. */
export function keepBusy(signal: AbortSignal): void {
  for (let n = 0; n < LOOPS; n += 1) void loop(signal);
}

async function loop(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const { failed } = await execa(process.execPath, ["-e", LOOP], {
      stdio: "ignore",
      cancelSignal: signal,
      reject: false,
    });
    if (failed) return;
  }
}
