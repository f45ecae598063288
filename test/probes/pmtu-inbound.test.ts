// The inbound sweep over simulated servers: exact to the byte, few connections, and nothing left open.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sweepInbound } from "../../probes/pmtu-inbound.ts";
import { inboundFacts } from "../../src/model/inbound.ts";
import { testContext } from "../builders/context.ts";
import { lookup, targetAddresses } from "../builders/events.ts";
import { type Server, simulateServer } from "../builders/server.ts";

/** How long the default attempt is given to heal, on the test's own clock. */
const PATIENCE_MS = 1500;

async function sweepOver(server: Server, hints: readonly number[] = []) {
  const context = testContext([targetAddresses(), lookup()]);
  const { clock } = context;
  const simulated = simulateServer(server, context);
  const hanging = simulated.start("t1", "default", null);
  await hanging.decided;
  let over = false;
  const startedMs = clock.now();
  const sweep = sweepInbound(context, {
    start: (mss) => simulated.start(`s${simulated.connections()}`, "mss-sweep", mss),
    goal: "tls",
    hints,
    finished: () => over || hanging.state("tls") === "passed",
  });
  await sweep.decided;
  const decidedMs = clock.now() - startedMs;
  await clock.sleep(PATIENCE_MS);
  hanging.stop();
  over = true;
  await sweep.stop();
  const path = context.path();
  const facts = inboundFacts(path);
  const swept = path.attempts.filter(({ purpose }) => purpose === "mss-sweep");
  return { ...facts, decidedMs, swept, connections: simulated.connections() };
}

describe("a silent limit", () => {
  test("of any size is exact, within the connections that a sweep may open", async () => {
    // Every 7th of them: each is a run of its own, and the neighbours differ in nothing.
    const limits = Array.from({ length: 130 }, (_, n) => 589 + n * 7);
    for (const limit of limits) {
      const found = await sweepOver({ limit });
      expect([limit, found.estimate.bytes, found.estimate.exact]).toEqual([limit, limit, true]);
      expect(found.connections).toBeLessThanOrEqual(37);
    }
  });

  test("that a hint names is known after one round, with a few connections", async () => {
    for (const limit of [1400, 1337, 1280, 1499]) {
      const { estimate, decidedMs, connections } = await sweepOver({ limit }, [limit]);
      expect(estimate).toMatchObject({ bytes: limit, exact: true, below: limit + 1 });
      expect(decidedMs).toBeLessThanOrEqual(10 * 10 + 150);
      expect(connections).toBeLessThanOrEqual(11);
    }
  });

  test("of a common size is known within ten round trips and a little, without any hint", async () => {
    for (const limit of [1280, 1400, 1420, 1440, 1492]) {
      const { estimate, decidedMs } = await sweepOver({ limit });
      expect(estimate).toMatchObject({ bytes: limit, exact: true });
      expect(decidedMs).toBeLessThanOrEqual(10 * 10 + 150);
    }
  });

  test("survives hints that are wrong", async () => {
    const { estimate } = await sweepOver({ limit: 1400 }, [0, 68, 1500, 65_535, 1400.5 | 0, 9000]);
    expect(estimate).toMatchObject({ bytes: 1400, exact: true });
  });

  test("behind SYN cookies is a range, not the offer that happened to pass", async () => {
    const { estimate, bracket } = await sweepOver({ limit: 1400, cookies: true });
    expect(estimate).toMatchObject({ bytes: null, exact: false, atLeast: 1340, silent: true });
    expect(bracket).toMatchObject({ passed: 1479, failed: 1480, lost: [] });
  });

  test("is not moved by a connection that loses a segment", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 589, max: 1499 }),
        fc.integer({ min: 1, max: 8 }),
        async (limit, n) => {
          const { estimate } = await sweepOver({ limit, lost: (connection) => connection === n });
          if (estimate.exact) expect(estimate.bytes).toBe(limit);
          expect(estimate.atLeast ?? 0).toBeLessThanOrEqual(limit);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("is tried once more above before it is believed", async () => {
    const { swept } = await sweepOver({ limit: 1400 });
    expect(swept.filter(({ mss }) => mss === 1361).length).toBe(2);
  });
});

describe("something else than a limit", () => {
  test("that eats every size ends after one round", async () => {
    const { everySizeHangs, connections, estimate } = await sweepOver({ limit: 0 });
    expect(everySizeHangs).toBe(true);
    expect(connections).toBeLessThanOrEqual(9);
    expect(estimate.silent).toBe(false);
  });

  test("that only the default attempt met turns out to pass in full size", async () => {
    const { bracket } = await sweepOver({ limit: 1500, lost: (n) => n === 0 });
    expect(bracket.passed).toBe(1500);
    expect(bracket.failed).toBeNull();
  });

  test("that heals for everybody leaves no limit", async () => {
    const { estimate, healedAfterMs } = await sweepOver({ limit: 1400, healsAfterMs: 200 });
    expect(healedAfterMs).not.toBeNull();
    expect(estimate).toMatchObject({ silent: false, below: null });
  });
});

test("every connection that was opened is ended", async () => {
  const { swept } = await sweepOver({ limit: 1337 });
  expect(swept.filter(({ ended }) => ended === null)).toEqual([]);
});

test("no connection offers more than the default attempt or less than 576 bytes", async () => {
  const { swept } = await sweepOver({ limit: 700 }, [68, 576, 1400, 9000]);
  for (const { mss } of swept) {
    expect(mss).toBeGreaterThanOrEqual(536);
    expect(mss).toBeLessThanOrEqual(1460);
  }
});
