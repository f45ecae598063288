// Inside a world of its own, as its first process: ends each row's command in each way at each moment, and prints a line for each.

import { endedRun, lengthOf } from "./ended-run.ts";
import { AS, ROWS } from "./rows.ts";
import { WAYS } from "./ways.ts";

/** Multiples of it lie evenly between 0 and 1, however many there are. */
const GOLDEN = 0.618;

const [wayNames = "", moments = "1", ...chosen] = process.argv.slice(2);
for (const [name, as] of chosen.map((one) => one.split(" as "))) {
  await endEach(name, as, Number(moments));
}

async function endEach(name = "", asName = "", count: number): Promise<void> {
  const row = ROWS.find((one) => one.name === name);
  const as = AS.find((one) => one === asName);
  if (row === undefined || as === undefined) throw new Error(`no ${name} as ${asName}`);
  const lengthMs = await lengthOf(row, as);
  for (const [order, way] of WAYS.entries()) {
    if (!wayNames.split(",").includes(way.name)) continue;
    for (let n = 0; n < count; n += 1) {
      // Each way at other moments than the one before.
      const share = (n + ((order * GOLDEN + 0.5) % 1)) / count;
      const ended = await endedRun(row, as, way, { share, lengthMs });
      const told = { name, as, way: way.name, share: Number(share.toFixed(2)), ...ended };
      process.stdout.write(`${JSON.stringify(told)}\n`);
    }
  }
}
