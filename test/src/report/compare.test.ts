// Targets side by side: what their paths share, where they part, which are faulty, and whose sizes rule out a shared link.

import { describe, expect, test } from "vitest";
import { comparisonText, sharedRouters } from "../../../src/report/compare.ts";
import type { Report } from "../../../src/schema/report.ts";
import { blackholeReport, healthyReport, samplePmtu, sampleSegment } from "./sample-report.ts";

/** @param routers by TTL; null for a hop that was silent */
function through(report: Report, host: string, ...routers: readonly (string | null)[]): Report {
  const hops = routers.map((address, n) =>
    sampleSegment("internet-hop", { name: address ?? `hop ${n + 1}`, address, ttl: n + 1 }),
  );
  const end = sampleSegment("destination", { name: host, address: "192.0.2.9", ttl: 9 });
  return {
    ...report,
    target: { ...report.target, host, address: "192.0.2.9" },
    chain: [...hops, end],
  };
}
const shared = (...reports: readonly Report[]) =>
  sharedRouters(reports).map(({ ttl, address }) => `${ttl} ${address}`);
const text = (...reports: readonly Report[]) => comparisonText(reports).replace(/\s+/g, " ");

const A = through(blackholeReport, "a.test", "10.0.0.1", "10.0.0.2", "10.0.1.3");
const B = through(healthyReport, "b.test", "10.0.0.1", "10.0.0.2", "10.0.2.3");

describe("the shared path", () => {
  test("ends where the first of them meets another router", () => {
    expect(shared(A, B)).toEqual(["1 10.0.0.1", "2 10.0.0.2"]);
    const meetsAgain = through(B, "c.test", "10.0.0.1", "10.9.9.9", "10.0.1.3");
    expect(shared(A, B, meetsAgain)).toEqual(["1 10.0.0.1"]);
  });

  test("goes on behind a hop that was silent to one of them, which it does not name", () => {
    const quiet = through(B, "b.test", "10.0.0.1", null, "10.0.1.3");
    expect(shared(A, quiet)).toEqual(["1 10.0.0.1", "3 10.0.1.3"]);
  });

  test("is named with the hop behind it for each target", () => {
    expect(text(A, B)).toContain(
      "shared hops 1 10.0.0.1, 2 10.0.0.2 then a.test hop 3 10.0.1.3; b.test hop 3 10.0.2.3",
    );
  });

  test("is that of the others where one has no path", () => {
    const nowhere = through(B, "typo.test");
    expect(shared(nowhere, A, B)).toEqual(["1 10.0.0.1", "2 10.0.0.2"]);
    expect(shared(nowhere, A)).toEqual([]);
  });

  test("is none where the first hops differ", () => {
    expect(text(A, through(B, "b.test", "10.5.5.5"))).toContain("no router that answered");
  });
});

describe("the fault", () => {
  test("is reported with its target, beside the healthy ones", () => {
    expect(text(A, B)).toContain("vpn-mtu-inbound-blackhole: only a.test; b.test: healthy");
    expect(text(A, through(A, "c.test"))).toContain("vpn-mtu-inbound-blackhole: all of them");
  });

  test("of size is on no shared link when another target's packets exceeded it", () => {
    const large = { ...B, pmtu: { outbound: samplePmtu(), inbound: samplePmtu() } };
    expect(text(A, large)).toContain("inbound: 1500 bytes passed for b.test");
    const other = { ...large, target: { ...large.target, address: "2001:db8::9" } };
    expect(text(A, other)).not.toContain("inbound: 1");
    const small = {
      ...B,
      pmtu: { outbound: samplePmtu(), inbound: samplePmtu({ atLeast: 1300 }) },
    };
    expect(text(A, small)).not.toContain("inbound: 1");
  });
});

test("a single target is compared with none, and a name cannot drive the terminal", () => {
  expect(comparisonText([A])).toBe("");
  expect(comparisonText([through(A, "a\u001b[31m.test"), B])).not.toContain("\u001b");
});
