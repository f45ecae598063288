// The outbound sizes, over simulated networks: the right limit, or no claim, within few probes.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Network, router } from "../../builders/network.ts";
import { sweptOutbound } from "../../builders/sweeps.ts";

const ETHERNET = { mtu: 1500 };
const PROBES = 30;

describe("a limit that ICMP errors report", () => {
  test.each([1499, 1400, 1337, 1280, 576, 68])("of %d bytes is exact", async (mtu) => {
    const { facts, probes, replies } = await sweptOutbound({
      links: [ETHERNET, { mtu, says: true }, ETHERNET],
    });
    expect(facts.estimate).toMatchObject({
      bytes: mtu,
      exact: true,
      below: mtu + 1,
      silent: false,
    });
    expect(facts.limitReportedBy).toBe(router(1));
    expect([probes.length, replies]).toEqual([3, 1]);
  });

  test("in a chain of smaller links is followed to its end", async () => {
    const steps = [1492, 1480, 1400].map((mtu) => ({ mtu, says: true }));
    const { facts, probes } = await sweptOutbound({ links: [ETHERNET, ...steps] });
    expect(facts.estimate).toMatchObject({ bytes: 1400, exact: true, below: 1401 });
    expect(facts.limitReportedBy).toBe(router(3));
    expect(probes.length).toBeLessThanOrEqual(5);
  });

  test("without an MTU in them, as before RFC 1191, is searched", async () => {
    for (const [mtu, claims] of [
      [1499, 0],
      [1400, 20],
      [1001, 67],
      [576, 0],
    ] as const) {
      const { facts, probes } = await sweptOutbound({
        links: [ETHERNET, { mtu, says: true, claims }, ETHERNET],
      });
      expect(facts.estimate).toMatchObject({ bytes: mtu, exact: true, silent: false });
      expect(probes.length).toBeLessThanOrEqual(PROBES);
    }
  });

  test("is searched behind one that names its MTU, where the next names none", async () => {
    const { facts } = await sweptOutbound({
      links: [ETHERNET, { mtu: 1480, says: true }, { mtu: 1400, says: true, claims: 0 }, ETHERNET],
    });
    expect(facts.estimate).toMatchObject({ bytes: 1400, exact: true, silent: false });
  });

  test("is exact where every reply comes late, as on a busy machine", async () => {
    const { facts } = await sweptOutbound({
      links: [ETHERNET, { mtu: 1400, says: true }, ETHERNET],
      replyLate: () => true,
    });
    expect(facts.estimate).toMatchObject({ bytes: 1400, exact: true, below: 1401, silent: false });
  });

  test("that names less than it carries is believed for what passes, and no further", async () => {
    const { facts } = await sweptOutbound({
      links: [ETHERNET, { mtu: 1400, says: true, claims: 1280 }, ETHERNET],
    });
    expect(facts.estimate.silent).toBe(false);
    expect(facts.estimate.atLeast ?? 0).toBeLessThanOrEqual(1400);
  });

  test.each([1500, 9000])("with the useless claim %d ends at once", async (claims) => {
    const { facts, probes } = await sweptOutbound({
      links: [ETHERNET, { mtu: 1400, says: true, claims }, ETHERNET],
    });
    expect(probes).toHaveLength(1);
    expect(facts.estimate).toMatchObject({ exact: false, silent: false });
  });

  test("is found when the target is silent, by the farthest router that answers", async () => {
    const { facts } = await sweptOutbound({
      links: [ETHERNET, { mtu: 1400, says: true }, ETHERNET, ETHERNET],
      targetSilent: true,
    });
    expect(facts.estimate).toMatchObject({ bytes: 1400, silent: false, basis: "icmp" });
  });

  test("is found by counting where the messages cannot be read", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1280, max: 1499 }), async (mtu) => {
        const { facts, probes } = await sweptOutbound({
          links: [ETHERNET, { mtu, says: true }, ETHERNET],
          countsOnly: true,
        });
        expect(facts.estimate).toMatchObject({ bytes: mtu, exact: true, below: mtu + 1 });
        expect(probes.length).toBeLessThanOrEqual(PROBES);
      }),
      { numRuns: 40 },
    );
  });

  test("that a candidate names is found by counting in three probes", async () => {
    const { facts, probes } = await sweptOutbound(
      { links: [ETHERNET, { mtu: 1400, says: true }, ETHERNET], countsOnly: true },
      { candidates: [1400] },
    );
    expect(facts.estimate).toMatchObject({ bytes: 1400, exact: true });
    expect(probes).toHaveLength(3);
  });
});

describe("a limit without ICMP errors", () => {
  const silentAt = (hop: number, hops = 4): Network => ({
    links: Array.from({ length: hops }, (_, n) => (n === hop ? { mtu: 1400 } : ETHERNET)),
  });

  test("is an interval, and TCP data have to decide", async () => {
    const { facts, probes } = await sweptOutbound(silentAt(2));
    expect(facts.estimate).toMatchObject({ silent: true, below: 1500, basis: "silence" });
    expect(facts).toMatchObject({ decided: false, vanishes: { afterTtl: 2, beforeTtl: 3 } });
    expect(probes.length).toBeLessThanOrEqual(PROBES);
  });

  test("is placed before the first hop that big packets do not reach", async () => {
    for (const hop of [1, 2, 3]) {
      const { facts } = await sweptOutbound(silentAt(hop, 5));
      expect(facts.vanishes).toEqual({ afterTtl: hop, beforeTtl: hop + 1 });
    }
  });

  test("behind a silent router is placed around it", async () => {
    const { facts } = await sweptOutbound({ ...silentAt(2, 5), silent: [2] });
    expect(facts.vanishes).toEqual({ afterTtl: 1, beforeTtl: 3 });
  });
});

describe("no limit", () => {
  test("takes one probe and one reply", async () => {
    const { facts, probes, replies } = await sweptOutbound({
      links: [ETHERNET, ETHERNET, ETHERNET],
    });
    expect(facts.estimate).toMatchObject({ bytes: 1500, below: null });
    expect([probes.length, replies]).toEqual([1, 1]);
  });

  test("is not denied by one lost reply", async () => {
    const { facts } = await sweptOutbound({ links: [ETHERNET, ETHERNET], lost: (n) => n === 0 });
    expect(facts.estimate).toMatchObject({ bytes: 1500, below: null, silent: false });
  });

  test("is not denied by a target that has used up its replies", async () => {
    const used = { links: [ETHERNET, ETHERNET], burst: 0.01, lost: (n: number) => n < 2 };
    const { facts } = await sweptOutbound(used);
    expect(facts.estimate.silent).toBe(false);
  });

  test("is not claimed for a target that never answers", async () => {
    const { facts, probes } = await sweptOutbound({
      links: [ETHERNET, ETHERNET],
      targetSilent: true,
    });
    expect(facts.estimate).toMatchObject({ bytes: null, silent: false });
    expect(facts.decided).toBe(false);
    expect(probes.length).toBeLessThanOrEqual(PROBES);
  });
});
