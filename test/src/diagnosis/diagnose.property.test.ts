// The verdict as a whole: what it may never say, whatever part of a run is there.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { causeOf } from "../../../src/diagnosis/causes/list.ts";
import { fold } from "../../../src/model/reduce.ts";
import { diagnosisOf as diagnose } from "../../../src/report/diagnosis.ts";
import { numbered } from "../../builders/events.ts";
import { propertyRuns } from "../../builders/property-runs.ts";
import { VERDICT_RUNS } from "../../builders/verdict-runs.ts";

const someRun = fc.constantFrom(...Object.values(VERDICT_RUNS));
/** Any part of a run, in any order, each event with the id that it had in the whole. */
const part = someRun.chain((bodies) => fc.shuffledSubarray([...numbered(bodies)]));

describe("any part of a run", () => {
  test("is diagnosed without an exception, and every evidence id is one of its events", () => {
    fc.assert(
      fc.property(part, (events) => {
        const { findings, chain } = diagnose(fold(events));
        const ids = new Set(events.map(({ id }) => id));
        const named = [
          ...chain.flatMap(({ evidence }) => evidence),
          ...findings.flatMap((one) => [
            ...one.evidence,
            ...one.ruledOut.flatMap(({ evidence }) => evidence),
          ]),
        ];
        expect(named.filter((id) => !ids.has(id))).toEqual([]);
      }),
      { numRuns: propertyRuns(300) },
    );
  });

  test("is never healthy beside a fault or a warning, and never before its end", () => {
    fc.assert(
      fc.property(part, (events) => {
        const { verdict, findings } = diagnose(fold(events));
        if (verdict !== "healthy") return;
        expect(findings.filter(({ severity }) => severity !== "note")).toEqual([]);
        expect(events.some(({ kind }) => kind === "run-ended")).toBe(true);
      }),
      { numRuns: propertyRuns(300) },
    );
  });

  test("has a verdict that its first finding bears out", () => {
    fc.assert(
      fc.property(part, (events) => {
        const { verdict, findings } = diagnose(fold(events));
        const [first] = findings;
        if (first?.severity === "fault") expect(verdict).toBe("fault");
        else if (first?.severity === "warning") expect(verdict).toBe("degraded");
        else expect(["healthy", "inconclusive"]).toContain(verdict);
      }),
      { numRuns: propertyRuns(300) },
    );
  });

  test("lists each cause once, as found or as not checked, with confidence within 0 and 1", () => {
    fc.assert(
      fc.property(part, (events) => {
        const { findings, notChecked } = diagnose(fold(events));
        const causes = [...findings, ...notChecked].map(({ cause }) => cause);
        expect(new Set(causes).size).toBe(causes.length);
        expect(causes.every((cause) => causeOf(cause) !== undefined)).toBe(true);
        expect(findings.every(({ confidence: c }) => c >= 0 && c <= 1)).toBe(true);
      }),
      { numRuns: propertyRuns(200) },
    );
  });
});
