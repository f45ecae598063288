// Inside a world of its own, as its first process: ends one row's command in each way at each moment, and prints a line for each.

import { endedRun, lengthOf } from "./ended-run.ts";
import { AS, ROWS } from "./rows.ts";
import { WAYS } from "./ways.ts";

const [rowName, asName, wayNames = "", moments = "1"] = process.argv.slice(2);
const row = ROWS.find(({ name }) => name === rowName);
const as = AS.find((one) => one === asName);
if (row === undefined || as === undefined) throw new Error(`no ${rowName} as ${asName}`);

/** Multiples of it lie evenly between 0 and 1, however many there are. */
const GOLDEN = 0.618;

const lengthMs = await lengthOf(row, as);
const count = Number(moments);
for (const [order, way] of WAYS.entries()) {
  if (!wayNames.split(",").includes(way.name)) continue;
  for (let n = 0; n < count; n += 1) {
    // Each way at other moments than the one before.
    const share = (n + ((order * GOLDEN + 0.5) % 1)) / count;
    const ended = await endedRun(row, as, way, { share, lengthMs });
    process.stdout.write(
      `${JSON.stringify({ way: way.name, share: Number(share.toFixed(2)), ...ended })}\n`,
    );
  }
}
