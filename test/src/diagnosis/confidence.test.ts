// A finding says by which kind of evidence it is known; each kind has one number that is published.

import { expect, test } from "vitest";
import { aged, CONFIDENCE, weaker } from "../../../src/diagnosis/confidence.ts";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { hostSnapshot, pathOf, runStarted } from "../../builders/events.ts";
import { plainHost } from "../../builders/host.ts";
import { vpnBlackhole } from "../../builders/runs.ts";
import { VERDICT_RUNS } from "../../builders/verdict-runs.ts";

test("a size limit that passes N bytes and fails N+1 is measured", () => {
  const [first] = diagnose(pathOf(...vpnBlackhole())).findings;
  expect(first).toMatchObject({ cause: "vpn-mtu-inbound-blackhole", grade: "measured" });
});

test("the published number is the grade's", () => {
  for (const run of Object.values(VERDICT_RUNS)) {
    for (const { grade, confidence } of diagnose(pathOf(...run)).findings) {
      expect(confidence).toBe(CONFIDENCE[grade]);
    }
  }
});

test("a weaker grade has a smaller number, and below a candidate there is none", () => {
  expect(weaker("exact")).toBe("measured");
  expect(weaker("candidate")).toBe("candidate");
  for (const grade of ["exact", "measured", "inferred"] as const) {
    expect(CONFIDENCE[weaker(grade)]).toBeLessThan(CONFIDENCE[grade]);
  }
});

test("an old snapshot takes one grade", () => {
  const fresh = pathOf(runStarted());
  expect(aged(fresh, "exact")).toBe("exact");
  const then = { ...plainHost, collectedAt: "2020-01-01T00:00:00Z" };
  expect(aged(pathOf(runStarted(), hostSnapshot(then)), "exact")).toBe("measured");
});
