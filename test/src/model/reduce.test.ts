// Folding events into a Path: in any order, twice, or with a start that was lost.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EMPTY_PATH } from "../../../src/model/path.ts";
import { eventNumber, fold, reduce } from "../../../src/model/reduce.ts";
import { hostSnapshot, numbered, pathOf, runEnded, runStarted } from "../../builders/events.ts";
import { plainHost } from "../../builders/host.ts";
import { exceeded, fromTarget, NO_REPLY, probeSent } from "../../builders/probes.ts";
import { run, vpnBlackhole } from "../../builders/runs.ts";
import { connected, passing } from "../../builders/tcp.ts";

const events = numbered(vpnBlackhole());

describe("folding", () => {
  test("nothing is the empty Path", () => {
    expect(fold([])).toEqual(EMPTY_PATH);
  });

  test("does not depend on the order in which events come", () => {
    const whole = fold(events);
    fc.assert(
      fc.property(fc.shuffledSubarray([...events], { minLength: events.length }), (shuffled) => {
        expect(fold(shuffled)).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  });

  test("takes an event that comes twice once", () => {
    expect(fold([...events, ...events])).toEqual(fold(events));
  });

  test("is the same event by event", () => {
    expect(events.reduce(reduce, EMPTY_PATH)).toEqual(fold(events));
  });

  test("sorts by number, not by text", () => {
    const [first, ...rest] = numbered(Array.from({ length: 12 }, () => runEnded()));
    expect([first, ...rest].map((event) => eventNumber(event?.id ?? ""))).toEqual(
      Array.from({ length: 12 }, (_, n) => n + 1),
    );
    const late = numbered(Array.from({ length: 11 }, (_, n) => runStarted({ path: `/${n + 1}` })));
    expect(fold([...late].reverse()).run?.target.path).toBe("/11");
  });

  test("never throws for any part of a run", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...events]), (some) => {
        expect(() => fold(some)).not.toThrow();
      }),
      { numRuns: 50 },
    );
  });
});

test("a Path knows what was not read from what is empty", () => {
  expect(pathOf(runStarted())).toMatchObject({ interfaces: null, routes: null, host: null });
  const none = pathOf({ kind: "routes", routes: [] });
  expect(none.routes?.routes).toEqual([]);
});

test("events of an attempt whose start was lost are left out", () => {
  const [, ...withoutStart] = connected("t1");
  expect(pathOf(...withoutStart).attempts).toEqual([]);
});

test("events of two attempts that run at once stay apart", () => {
  const one = passing("t1");
  const two = passing("t2", { offered: 1280 });
  const mixed = one.flatMap((event, n) => [event, two[n]]).filter((event) => event !== undefined);
  const [first, second] = pathOf(...mixed).attempts;
  expect(first).toMatchObject({ attempt: "t1", mss: null, purpose: "default" });
  expect(second).toMatchObject({ attempt: "t2", mss: 1240, purpose: "mss-sweep" });
  expect(first?.stages).toHaveLength(3);
  expect(second?.stages).toHaveLength(3);
  expect(first?.ended).not.toBeNull();
});

test("a snapshot is parsed once it is in, and its absence keeps its reason", () => {
  expect(pathOf(hostSnapshot(plainHost)).host?.snapshot).toMatchObject({
    schema: "wsl-trace.host/1",
  });
  expect(pathOf(hostSnapshot(null, "left out")).host).toMatchObject({
    snapshot: null,
    reason: "left out",
  });
});

test("every list of a whole run is kept", () => {
  const path = pathOf(...run({ host: plainHost }));
  expect(path).toMatchObject({ vantage: { vantage: "wsl2" }, ended: { durationMs: 812 } });
  expect(path.dns).toHaveLength(2);
  expect(path.lookups).toHaveLength(1);
  expect(path.probes.length).toBeGreaterThan(4);
});

test("a late answer is its probe's, and replaces silence only", () => {
  const replied = exceeded("203.0.113.129");
  const [silent, reported] = [probeSent(NO_REPLY), probeSent(fromTarget())];
  const late = (cookie: number) => ({ kind: "late-reply", cookie, outcome: replied }) as const;
  const { probes } = pathOf(
    silent,
    reported,
    late(silent.cookie),
    late(reported.cookie),
    late(9_999_999),
  );
  expect(probes.map(({ outcome }) => outcome)).toEqual([replied, fromTarget()]);
});

test("a connection stands under its purpose as it stands among all", () => {
  const sweep = passing("t2", { offered: 1400 });
  const { attempts, connections } = pathOf(...passing("t1"), ...sweep, ...connected("t3"));
  expect(connections.default.map(({ attempt }) => attempt)).toEqual(["t1", "t3"]);
  expect(connections["mss-sweep"]).toEqual([attempts[1]]);
  expect(attempts[1]?.stages.length).toBeGreaterThan(0);
  expect(connections["outbound-sweep"]).toEqual([]);
});
