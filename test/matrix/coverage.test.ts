// The matrix leaves no cause out: each is brought up by a scenario, and looked like by another.

import { expect, it } from "vitest";
import { CAUSES, causeOf } from "../../src/diagnosis/causes/list.ts";
import { firedBy, isHealthy } from "./row.ts";
import { LIVE_ROWS, ROWS } from "./rows.ts";
import { widerCauses } from "./wider-causes.ts";

const fired = new Set(ROWS.flatMap(firedBy));
const missed = new Set(ROWS.flatMap(({ scenario }) => scenario.negativeFor));

it.each(CAUSES)(
  "$id has a scenario that brings it up, and one that only looks like it",
  ({ id }) => {
    expect({ fired: fired.has(id), missed: missed.has(id) }).toEqual({
      fired: true,
      missed: true,
    });
  },
);

it("has names of its own for every scenario, and known causes", () => {
  const names = ROWS.map(({ scenario }) => scenario.name);
  expect(new Set(names).size).toBe(names.length);
  const unknown = [...fired, ...missed].filter((cause) => causeOf(cause) === undefined);
  expect(unknown).toEqual([]);
});

it("expects no cause that the same scenario only looks like", () => {
  const both = ROWS.filter((row) =>
    firedBy(row).some((cause) => row.scenario.negativeFor.includes(cause)),
  );
  expect(both.map(({ scenario }) => scenario.name)).toEqual([]);
});

/** Issue 7. */
const HEALTHY_AT_LEAST = 15;

it("has at least 15 live networks that are odd, and healthy", () => {
  expect(LIVE_ROWS.filter(isHealthy).length).toBeGreaterThanOrEqual(HEALTHY_AT_LEAST);
});

it("takes a cause that hides behind another for a wider one, however far down", () => {
  expect(widerCauses("vpn-mtu-inbound-blackhole")).toContain("pmtu-inbound-blackhole");
  // By way of pmtu-inbound-blackhole.
  expect(widerCauses("linux-firewall-in-distro")).toContain("tls-middlebox-reset");
  // What is left where no special cause can be told is wider than any.
  expect(widerCauses("port-refused")).toEqual(["attempt-failed"]);
  expect(widerCauses("nothing")).toEqual(["attempt-failed"]);
});
