// `npm run bench [-- PART [ROUNDS]]`: every comparison, or one of them by name; asserts nothing.

import { compareBeside } from "./beside.ts";
import { compareBlackHole } from "./blackhole.ts";
import { compareFaces } from "./faces.ts";
import { compareFleet } from "./fleet.ts";
import { compareGoals } from "./goals.ts";
import { compareGrowth } from "./growth.ts";
import { compareHops } from "./hops.ts";
import { comparePacked } from "./packed.ts";
import { compareRtt } from "./rtt.ts";
import { compareStart } from "./start.ts";
import { compareWatch } from "./watch.ts";

const PARTS = {
  beside: { compare: compareBeside, defaultRounds: 120 },
  goals: { compare: compareGoals, defaultRounds: 20 },
  faces: { compare: compareFaces, defaultRounds: 3 },
  growth: { compare: compareGrowth, defaultRounds: 3 },
  blackhole: { compare: compareBlackHole, defaultRounds: 3 },
  hops: { compare: compareHops, defaultRounds: 3 },
  rtt: { compare: compareRtt, defaultRounds: 3 },
  packed: { compare: comparePacked, defaultRounds: 40 },
  start: { compare: compareStart, defaultRounds: 10 },
  fleet: { compare: compareFleet, defaultRounds: 1000 },
  watch: { compare: compareWatch, defaultRounds: 1 },
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
