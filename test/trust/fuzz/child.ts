// One decoder in a process of its own, whose memory is bounded: `child.ts NAME RUNS SEED`, a JSON line of progress and of the end.

import { DECODERS } from "./decoders.ts";
import { fuzz } from "./fuzz.ts";

const [name, runs, seed] = process.argv.slice(2);
const decoder = DECODERS.find((one) => one.name === name);
if (decoder === undefined) throw new Error(`no decoder ${name}`);

/** Often enough for whoever waits for a sign of life. */
const TOLD_EVERY = 256;
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);

const result = fuzz(decoder, {
  runs: Number(runs),
  seed: Number(seed),
  tick: (done) => {
    if (done % TOLD_EVERY === 0) say({ done });
  },
});
say({ result, residentMb: Math.round(process.resourceUsage().maxRSS / 1024) });
