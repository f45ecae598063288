// The verdict as a whole, of runs that end in each of them.

import { describe, expect, test } from "vitest";
import { fold } from "../../../src/model/reduce.ts";
import { diagnosisOf as diagnose } from "../../../src/report/diagnosis.ts";
import { jsonReport } from "../../../src/report/json.ts";
import { exitCodeOf, makeReport } from "../../../src/report/make.ts";
import type { ProbeEvent } from "../../../src/schema/event.ts";
import { numbered, pathOf, runEnded } from "../../builders/events.ts";
import { run, vpnBlackhole } from "../../builders/runs.ts";
import { VERDICT_RUNS } from "../../builders/verdict-runs.ts";

/** The default attempt went through every stage that it began, and the answer's first bytes came. */
function gotAnswer(events: readonly ProbeEvent[]): boolean {
  const attempt = fold(events).attempts.findLast(({ purpose }) => purpose === "default");
  return (
    attempt?.stages.some(({ stage, result }) => stage === "http" && result.kind === "ok") === true
  );
}

describe("whole runs", () => {
  test.each([
    ["healthy", "healthy", 0],
    ["healthy with a VPN", "healthy", 0],
    ["healed at once", "healthy", 0],
    ["inbound black hole", "fault", 1],
    ["both directions silent", "fault", 1],
    ["no name", "fault", 1],
    ["no answer", "fault", 1],
  ] as const)("%s: %s, exit %d", (name, verdict, code) => {
    expect(diagnose(pathOf(...(VERDICT_RUNS[name] ?? []))).verdict).toBe(verdict);
    expect(exitCodeOf(verdict)).toBe(code);
  });

  test("that a signal ended are never healthy, and say which", () => {
    const { verdict, reason } = diagnose(pathOf(...run({ end: runEnded("SIGINT") })));
    expect(verdict).toBe("inconclusive");
    expect(reason).toContain("SIGINT");
  });

  test("that a signal ended keep the fault that they found", () => {
    const stopped = vpnBlackhole().map((event) =>
      event.kind === "run-ended" ? runEnded("SIGTERM") : event,
    );
    expect(diagnose(pathOf(...stopped)).verdict).toBe("fault");
  });

  test("whose default attempt got no answer are not healthy", () => {
    for (const bodies of Object.values(VERDICT_RUNS)) {
      const events = numbered(bodies);
      if (!gotAnswer(events)) expect(diagnose(fold(events)).verdict).not.toBe("healthy");
    }
  });
});

describe("a report", () => {
  test.each(Object.keys(VERDICT_RUNS))(
    "of %s is the same to the byte, again and after a round trip",
    (name) => {
      const events = numbered(VERDICT_RUNS[name] ?? []);
      const once = jsonReport(makeReport(events));
      expect(jsonReport(makeReport(events))).toBe(once);
      const replayed: readonly ProbeEvent[] = JSON.parse(JSON.stringify(events));
      expect(jsonReport(makeReport(replayed))).toBe(once);
      expect(JSON.parse(once).events).toHaveLength(events.length);
    },
  );

  test("does not depend on the order of an event's keys", () => {
    const events = numbered(vpnBlackhole());
    const turned: readonly ProbeEvent[] = JSON.parse(
      JSON.stringify(events, (_key, value: unknown) => {
        const plain = typeof value === "object" && value !== null && !Array.isArray(value);
        return plain && "kind" in value
          ? Object.fromEntries(Object.entries(value).reverse())
          : value;
      }),
    );
    expect(jsonReport(makeReport(turned))).toBe(jsonReport(makeReport(events)));
  });
});
