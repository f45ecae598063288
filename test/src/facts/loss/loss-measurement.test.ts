// Where loss begins, by likelihood, from rounds that were dealt by hand or by chance.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isLoss, measuredLoss } from "../../../../src/facts/loss/loss-measurement.ts";
import { pathOf, TARGET } from "../../../builders/events.ts";
import { exceeded, fromTarget, NO_REPLY, probeSent } from "../../../builders/probes.ts";
import { run } from "../../../builders/runs.ts";

const syns = (lost: number, sent: number) =>
  Array.from({ length: sent }, (_, n) => {
    const reply = {
      kind: "reply",
      from: TARGET,
      with: "syn-ack",
      rttMs: 4,
      replyTtl: null,
    } as const;
    return probeSent(n < lost ? NO_REPLY : reply, { protocol: "tcp", purpose: "loss" });
  });

/** Ten rounds; each number is what a hop lost of them. */
const rounds = (lost: readonly number[]) =>
  lost.flatMap((count, hop) =>
    Array.from({ length: 10 }, (_, n) =>
      probeSent(n < count ? NO_REPLY : exceeded(`r${hop + 1}`), { ttl: hop + 1, purpose: "loss" }),
    ),
  );

const measured = (lost: number, sent: number, hops: readonly number[] = []) =>
  measuredLoss(
    pathOf(
      ...run({
        udp: [
          ...syns(lost, sent),
          ...rounds(hops),
          ...(hops.length === 0 ? [] : [probeSent(fromTarget(), { ttl: hops.length + 1 })]),
        ],
      }),
    ),
  );

describe("the start of loss", () => {
  test.each([
    [[0, 0, 4, 4, 5], 3, 3],
    [[4, 4, 4, 4], 1, 1],
    [[0, 0, 0, 0], 5, 5],
    // A hop alone that answers seldom does not lose what the ones behind it get.
    [[0, 10, 0, 4, 4], 4, 4],
    [[7, 0, 0, 0], 5, 5],
  ])("of hops that lost %j of ten is hop %i", (hops, fromTtl, toTtl) => {
    expect(measured(17, 40, hops)?.start).toEqual({ fromTtl, toTtl });
  });

  test("behind hops that never reply is somewhere among them", () => {
    expect(measured(17, 40, [0, 10, 10, 4])?.start).toEqual({ fromTtl: 2, toTtl: 4 });
  });

  test("stays open between hops that the samples do not distinguish", () => {
    expect(measured(5, 40, [0, 0, 0, 0])?.start).toMatchObject({ toTtl: 5 });
    expect(measured(5, 40, [0, 0, 0, 0])?.start?.fromTtl).toBeLessThan(5);
  });

  test("is unknown where no hop was probed, and nothing is where nothing was sent", () => {
    expect(measured(17, 40)).toMatchObject({ start: null, distance: null, lost: 17, sent: 40 });
    expect(measuredLoss(pathOf(...run()))).toBeNull();
  });

  test("is never behind the target or in front of the first hop", () => {
    const counts = fc.array(fc.integer({ min: 0, max: 10 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(counts, fc.integer({ min: 0, max: 40 }), (hops, lost) => {
        const found = measured(lost, 40, hops);
        if (hops.every((count) => count === 10)) {
          expect(found?.start).toBeNull();
          return;
        }
        expect(found?.start?.fromTtl).toBeGreaterThanOrEqual(1);
        expect(found?.start?.toTtl).toBeLessThanOrEqual(hops.length + 1);
        expect(found?.start?.fromTtl).toBeLessThanOrEqual(found?.start?.toTtl ?? 0);
      }),
    );
  });
});

test.each([
  [3, 40, false],
  [4, 40, true],
  [3, 20, false],
  [19, 20, true],
  [20, 20, false],
  [0, 20, false],
])("%i lost of %i is loss: %s", (lost, sent, expected) => {
  const found = measured(lost, sent);
  expect(found !== null && isLoss(found)).toBe(expected);
});

describe.each([
  // What was sent in quick succession; then what else was lost of ten each.
  { lost: 33, others: 0, slow: 0, expected: false },
  { lost: 33, others: 2, slow: 10, expected: false },
  { lost: 33, others: 10, slow: 1, expected: false },
  { lost: 14, others: 0, slow: 0, expected: false },
  { lost: 20, others: 0, slow: null, expected: false },
  // Ten in a row are spared once in three runs by a path that loses one in ten.
  { lost: 4, others: 0, slow: 0, expected: true },
  { lost: 20, others: 4, slow: 4, expected: true },
  { lost: 33, others: 7, slow: 8, expected: true },
  { lost: 33, others: 10, slow: 10, expected: true },
  { lost: 33, others: null, slow: null, expected: true },
])("$lost of 40 SYNs, and of others $others, of slow SYNs $slow", (seen) => {
  const { lost, others, slow, expected } = seen;
  const other = (n: number) =>
    probeSent(n < (others ?? 0) ? NO_REPLY : fromTarget(), { ttl: 2, purpose: "loss" });
  const beside = others === null ? [] : Array.from({ length: 10 }, (_, n) => other(n));
  const later = slow === null ? [] : syns(slow, 10);

  test(`are ${expected ? "" : "no "}loss`, () => {
    const udp = [...syns(lost, 40), ...rounds([0]), ...beside, ...later];
    const known = probeSent(fromTarget(), { ttl: 2 });
    const found = measuredLoss(pathOf(...run({ udp: [known, ...udp] })));
    expect(found).toMatchObject({
      beside: { sent: beside.length, lost: others ?? 0 },
      slow: { sent: later.length, lost: slow ?? 0 },
    });
    expect(found !== null && isLoss(found)).toBe(expected);
  });
});

test("a closed port answers as well as an open one, and what was not sent is not lost", () => {
  const refused = syns(0, 20).map((probe) => ({ ...probe, outcome: fromTarget() }));
  const unsent = syns(2, 2).map((probe) => ({
    ...probe,
    outcome: { kind: "send-failed" as const, error: "EPERM" },
  }));
  const found = measuredLoss(pathOf(...run({ udp: [...refused, ...unsent] })));
  expect(found).toMatchObject({ sent: 20, lost: 0 });
});
