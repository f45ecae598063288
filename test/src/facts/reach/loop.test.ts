// Loops in what routers answered by TTL, and what only looks like one.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loopOf } from "../../../../src/facts/reach/loop.ts";
import { reachFacts } from "../../../../src/facts/reach/reach.ts";
import { pathOf } from "../../../builders/events.ts";
import { control, hops } from "../../../builders/probes.ts";
import { run } from "../../../builders/runs.ts";
import { NO_REPLY, passing, unconnected } from "../../../builders/tcp.ts";

const found = (routers: readonly (string | null)[], tcp = unconnected(NO_REPLY)) =>
  loopOf(reachFacts(pathOf(...run({ tcp, udp: hops(routers, false) }))));

const turns = (names: readonly (string | null)[], count: number) =>
  Array.from({ length: count }, () => names).flat();

describe("a loop", () => {
  test.each([
    { period: ["a", "b"], count: 3 },
    { period: ["a", "b", "c"], count: 3 },
    { period: ["a", null], count: 4 },
    { period: ["a", "b", null, "d", "e"], count: 4 },
  ])("of $period is seen behind any path that leads to it", ({ period, count }) => {
    const loop = found(["x", "y", ...turns(period, count), ...turns([null], 10)]);
    expect(loop?.routers).toEqual(expect.arrayContaining(period.filter((name) => name !== null)));
    expect(loop?.routers).not.toContain("x");
    expect(loop?.fromTtl).toBe(3);
  });

  test("with answers missing here and there is seen all the same", () => {
    const loop = found(["x", "a", "b", null, "b", "a", null, "a", "b", null, "b"]);
    expect(loop?.routers.toSorted()).toEqual(["a", "b"]);
  });

  test.each([
    ["one address that a NAT puts into every answer", ["x", ...turns(["nat"], 12)]],
    ["a router that passes on packets without a TTL", ["x", "a", "a", "b"]],
    ["a path that changed once", ["x", "a", "b", "a", "c"]],
    ["two turns", ["x", ...turns(["a", "b"], 2)]],
    ["a straight path", ["a", "b", "c", "d", "e", "f", "g", "h"]],
    ["a loop that is left again", ["a", "b", "a", "b", "a", "b", "c", "d", "e"]],
    ["nobody", [null, null, null]],
  ])("is not made of %s", (_, routers) => {
    expect(found(routers)).toBeNull();
  });

  test("is none where the connection came about, or the target answered", () => {
    const routers = turns(["a", "b"], 6);
    expect(found(routers, passing("t1"))).toBeNull();
    const path = pathOf(
      ...run({ tcp: unconnected(NO_REPLY), udp: [...hops(routers, false), control()] }),
    );
    expect(loopOf(reachFacts(path))).toBeNull();
  });

  test("is never made of routers that each answer at one TTL only", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { maxLength: 30 }), (routers) => {
        expect(found(routers)).toBeNull();
      }),
    );
  });
});
