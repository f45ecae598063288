// Windows' route choice against a brute-force oracle.

import fc from "fast-check";
import { expect, test } from "vitest";
import { routeOnHost } from "../../../src/host/routes.ts";
import { propertyRuns } from "../../builders/property-runs.ts";
import { ipInterface, route, snapshotOf } from "./example.ts";

interface OracleRoute {
  readonly ifIndex: number;
  readonly network: number;
  readonly length: number;
  readonly metric: number;
}

/** Looks at every bit of every route; returns the interfaces that share the first place. */
function oracle(routes: readonly OracleRoute[], target: number, down: number): Set<number> {
  const bits = (value: number) => value.toString(2).padStart(32, "0");
  const fitting = routes.filter(
    (r) =>
      r.ifIndex !== down && bits(r.network).slice(0, r.length) === bits(target).slice(0, r.length),
  );
  const beats = (a: OracleRoute, b: OracleRoute) =>
    a.length > b.length || (a.length === b.length && a.metric < b.metric);
  const best = fitting.filter((r) => !fitting.some((other) => beats(other, r)));
  return new Set(best.map((r) => r.ifIndex));
}

const dotted = (value: number) =>
  [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");

test("the choice equals that of a brute-force oracle", () => {
  // Few distinct bits, so that prefixes really overlap.
  const addresses = fc
    .integer({ min: 0, max: 15 })
    .map((n) => (n % 4) * 2 ** 30 + Math.floor(n / 4));
  const oracleRoute = fc.record({
    ifIndex: fc.integer({ min: 1, max: 4 }),
    network: addresses,
    length: fc.constantFrom(0, 1, 2, 24, 30, 31, 32),
    metric: fc.integer({ min: 0, max: 3 }),
  });
  fc.assert(
    fc.property(fc.array(oracleRoute, { maxLength: 12 }), addresses, (routes, target) => {
      const down = 4;
      const snapshot = snapshotOf({
        "Get-NetIPInterface": [1, 2, 3, 4].map((i) =>
          ipInterface(`if${i}`, i, { ConnectionState: i === down ? 0 : 1 }),
        ),
        "Get-NetRoute": routes.map((r) => ({
          ...route(r.ifIndex, `${dotted(r.network)}/${r.length}`, "0.0.0.0"),
          RouteMetric: r.metric,
          InterfaceMetric: String(r.ifIndex),
        })),
      });
      const summed = routes.map((r) => ({ ...r, metric: r.metric + r.ifIndex }));
      const found = routeOnHost(snapshot, dotted(target));
      const chosen = found.known ? [found, ...found.ties].map((r) => r.adapter.ifIndex) : [];
      expect(new Set(chosen)).toEqual(oracle(summed, target, down));
    }),
    { numRuns: propertyRuns(1000) },
  );
});
