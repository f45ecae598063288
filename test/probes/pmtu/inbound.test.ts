// The inbound sweep over simulated servers: exact to the byte, few connections, and nothing left open.

import { describe, expect, test } from "vitest";
import { sweptInbound } from "../../builders/sweeps.ts";

describe("a silent limit", () => {
  test("that a candidate names is known after one round, with a few connections", async () => {
    for (const limit of [1400, 1337, 1280, 1499]) {
      const { estimate, decidedMs, connections } = await sweptInbound({ limit }, [limit]);
      expect(estimate).toMatchObject({ bytes: limit, exact: true, below: limit + 1 });
      expect(decidedMs).toBeLessThanOrEqual(10 * 10 + 150);
      expect(connections).toBeLessThanOrEqual(11);
    }
  });

  test("of a common size is known within ten round trips and a little, without any candidate", async () => {
    for (const limit of [1280, 1400, 1420, 1440, 1492]) {
      const { estimate, decidedMs } = await sweptInbound({ limit });
      expect(estimate).toMatchObject({ bytes: limit, exact: true });
      expect(decidedMs).toBeLessThanOrEqual(10 * 10 + 150);
    }
  });

  test("survives candidates that are wrong", async () => {
    const { estimate } = await sweptInbound({ limit: 1400 }, [
      0,
      68,
      1500,
      65_535,
      1400.5 | 0,
      9000,
    ]);
    expect(estimate).toMatchObject({ bytes: 1400, exact: true });
  });

  test("behind SYN cookies is a range, not the offer that happened to pass", async () => {
    const { estimate, interval: bracket } = await sweptInbound({ limit: 1400, cookies: true });
    expect(estimate).toMatchObject({ bytes: null, exact: false, atLeast: 1340, silent: true });
    expect(bracket).toMatchObject({ passed: 1479, failed: 1480, lost: [] });
  });

  test("is tried once more above before it is believed", async () => {
    const { swept } = await sweptInbound({ limit: 1400 });
    expect(swept.filter(({ mss }) => mss === 1361).length).toBe(2);
  });
});

describe("something else than a limit", () => {
  test("that eats every size ends after one round", async () => {
    const { everySizeHangs, connections, estimate } = await sweptInbound({ limit: 0 });
    expect(everySizeHangs).toBe(true);
    expect(connections).toBeLessThanOrEqual(9);
    expect(estimate.silent).toBe(false);
  });

  test("that only the default attempt met turns out to pass in full size", async () => {
    const { interval: bracket } = await sweptInbound({ limit: 1500, lost: (n) => n === 0 });
    expect(bracket.passed).toBe(1500);
    expect(bracket.failed).toBeNull();
  });

  test("that recovers for everybody leaves no limit", async () => {
    const { estimate, recoveredAfterMs: healedAfterMs } = await sweptInbound({
      limit: 1400,
      recoversAfterMs: 200,
    });
    expect(healedAfterMs).not.toBeNull();
    expect(estimate).toMatchObject({ silent: false, below: null });
  });
});

test("every connection that was opened is ended", async () => {
  const { swept } = await sweptInbound({ limit: 1337 });
  expect(swept.filter(({ ended }) => ended === null)).toEqual([]);
});

test("no connection offers more than the default attempt or less than 576 bytes", async () => {
  const { swept } = await sweptInbound({ limit: 700 }, [68, 576, 1400, 9000]);
  for (const { mss } of swept) {
    expect(mss).toBeGreaterThanOrEqual(536);
    expect(mss).toBeLessThanOrEqual(1460);
  }
});
