// Loaded into the built tool (--import): writes what its heap holds after a collection, and the processor time so far.

import { appendFileSync } from "node:fs";
import { argv, cpuUsage, env, memoryUsage, uptime } from "node:process";

/** Often enough to see what grows; each collection throws compiled code away, which costs time. */
const EVERY_MS = 20_000;
const US_PER_S = 1_000_000;

// biome-ignore lint/style/noProcessEnv: the one word from who measures.
const file = env.WSL_TRACE_HEAP_FILE;
// Only the run itself: programs that it starts are others.
if (argv.includes("path") && file !== undefined) {
  setInterval(() => {
    globalThis.gc?.();
    const { user, system } = cpuUsage();
    const line = {
      atS: uptime(),
      heapBytes: memoryUsage().heapUsed,
      cpuS: (user + system) / US_PER_S,
    };
    appendFileSync(file, `${JSON.stringify(line)}\n`);
  }, EVERY_MS).unref();
}
