// The rate that a user set: probes of all sockets take turns, and without one nobody waits.

import { expect, test } from "vitest";
import { createRateLimit } from "../../probes/rate-limit.ts";
import { virtualClock } from "../builders/clock.ts";
import { testContext } from "../builders/context.ts";
import { OPTIONS, runStarted } from "../builders/events.ts";

async function timesOf(rate: number | undefined, signal?: AbortSignal) {
  const clock = virtualClock();
  const options = rate === undefined ? OPTIONS : { ...OPTIONS, rate };
  const context = testContext([{ ...runStarted(), options }], clock, signal);
  const rateLimit = createRateLimit();
  const times: number[] = [];
  for (let n = 0; n < 4; n++) {
    await rateLimit(context);
    times.push(clock.now());
  }
  return times.map((time) => time - (times[0] ?? 0));
}

test("each probe gets a slot of its own", async () => {
  expect(await timesOf(20)).toEqual([0, 50, 100, 150]);
});

test("without a rate nobody waits, and nobody does in a run that is stopped", async () => {
  expect(await timesOf(undefined)).toEqual([0, 0, 0, 0]);
  expect(await timesOf(1, AbortSignal.abort())).toEqual([0, 0, 0, 0]);
});
