// A finding says by which kind of evidence it is known, beside the number that is published.

import { expect, test } from "vitest";
import { aged, measured } from "../../../src/diagnosis/confidence.ts";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { hostSnapshot, pathOf, runStarted } from "../../builders/events.ts";
import { plainHost } from "../../builders/host.ts";
import { vpnBlackhole } from "../../builders/runs.ts";

test("a size limit that passes N bytes and fails N+1 is measured", () => {
  const [first] = diagnose(pathOf(...vpnBlackhole())).findings;
  expect(first).toMatchObject({ cause: "vpn-mtu-inbound-blackhole", grade: "measured" });
});

test("an old snapshot lowers the number and keeps the grade", () => {
  const fresh = pathOf(runStarted());
  expect(aged(fresh, measured(0.9))).toEqual(measured(0.9));
  const old = pathOf(
    runStarted(),
    hostSnapshot({ ...plainHost, collectedAt: "2020-01-01T00:00:00Z" }),
  );
  const { grade, number } = aged(old, measured(0.9));
  expect(grade).toBe("measured");
  expect(number).toBeCloseTo(0.75);
});
