// What once went wrong, and must not again: a verdict of healthy from a recording that lost the answer's events.

import fc from "fast-check";
import { expect, test } from "vitest";
import { fold } from "../../src/model/reduce.ts";
import { diagnosisOf as diagnose } from "../../src/report/diagnosis.ts";
import { numbered } from "../builders/events.ts";
import { propertyRuns } from "../builders/property-runs.ts";
import { run } from "../builders/runs.ts";

test("no part of a healthy run is healthy without the default attempt's answer", () => {
  fc.assert(
    fc.property(fc.subarray([...numbered(run())], { minLength: 10 }), (events) => {
      const path = fold(events);
      const answered = path.attempts.some(({ stages }) =>
        stages.some((s) => s.stage === "http" && s.result.kind === "ok"),
      );
      if (!answered) expect(diagnose(path).verdict).not.toBe("healthy");
    }),
    { numRuns: propertyRuns(2000) },
  );
});
