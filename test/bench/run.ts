// `npm run bench [-- PART [ROUNDS]]`: every comparison, or one of them by name; asserts nothing.

import { compareBlackHole } from "./blackhole.ts";
import { compareHops } from "./hops.ts";
import { compareRtt } from "./rtt.ts";

const PARTS = { blackhole: compareBlackHole, hops: compareHops, rtt: compareRtt } as const;
const DEFAULT_ROUNDS = 3;

const [part, rounds] = process.argv.slice(2);
const wanted = Object.entries(PARTS).filter(([name]) => part === undefined || part === name);
if (wanted.length === 0) {
  process.stderr.write(`no part ${part}; there are ${Object.keys(PARTS).join(", ")}\n`);
  process.exitCode = 2;
}
for (const [name, compare] of wanted) {
  process.stdout.write(`\n${name}\n`);
  await compare(Number(rounds ?? DEFAULT_ROUNDS));
}
