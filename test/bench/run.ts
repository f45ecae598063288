// `npm run bench [-- PART [ROUNDS]]`: every comparison, or one of them by name; asserts nothing.

import { compareBlackHole } from "./blackhole.ts";
import { compareHops } from "./hops.ts";
import { compareRtt } from "./rtt.ts";
import { compareStart } from "./start.ts";

const PARTS = {
  blackhole: { compare: compareBlackHole, defaultRounds: 3 },
  hops: { compare: compareHops, defaultRounds: 3 },
  rtt: { compare: compareRtt, defaultRounds: 3 },
  start: { compare: compareStart, defaultRounds: 10 },
} as const;

const [part, rounds] = process.argv.slice(2);
const wanted = Object.entries(PARTS).filter(([name]) => part === undefined || part === name);
if (wanted.length === 0) {
  process.stderr.write(`no part ${part}; there are ${Object.keys(PARTS).join(", ")}\n`);
  process.exitCode = 2;
}
for (const [name, { compare, defaultRounds }] of wanted) {
  process.stdout.write(`\n${name}\n`);
  await compare(Number(rounds ?? defaultRounds));
}
