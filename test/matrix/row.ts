// One line of the scenario matrix: a network that is built, or a recording that is replayed, and what must come of it.

import { type Difference, differences, userDifferences } from "../../probes/lab/src/compare.ts";
import type { Scenario } from "../../probes/lab/src/scenarios/scenario.ts";
import type { EventBody } from "../../src/schema/event.ts";
import type { Report } from "../../src/schema/report.ts";
import type { Verdict } from "../../src/schema/verdict.ts";
import { widerCauses } from "./wider-causes.ts";

export type ReplayedScenario = Pick<Scenario, "name" | "title" | "expected" | "negativeFor"> & {
  readonly events: () => readonly EventBody[];
};

export interface LiveRow {
  readonly kind: "live";
  readonly scenario: Scenario;
}

export type Row = LiveRow | { readonly kind: "replayed"; readonly scenario: ReplayedScenario };

/** With everything that root sees, or with what an ordinary user without a snapshot does. */
export type Evidence = "root" | "user";

export interface Result {
  readonly row: Row;
  readonly evidence: Evidence;
  readonly wrong: readonly Difference[];
  /** Not wrong with less evidence, and still less than all evidence gives: another verdict or cause. */
  readonly isWider: boolean;
  readonly verdict: Verdict;
  /** The first cause that is no note. */
  readonly cause: string | null;
  readonly packets: number;
  readonly ms: number;
}

export function resultOf(row: Row, evidence: Evidence, report: Report): Result {
  const { scenario } = row;
  const narrow = differences(scenario, report);
  const wrong = evidence === "root" ? narrow : userDifferences(scenario, report, widerCauses);
  return {
    row,
    evidence,
    wrong,
    isWider:
      wrong.length === 0 && narrow.some(({ aspect }) => aspect === "verdict" || aspect === "cause"),
    verdict: report.verdict,
    cause: report.findings.find(({ severity }) => severity !== "note")?.cause ?? null,
    packets: report.packetsSent,
    ms: report.durationMs,
  };
}

/** Causes that a row must bring up: as the first, behind it, or as a note. */
export function firedBy({ scenario: { expected } }: Row): readonly string[] {
  const { cause, alsoCauses, notes = [] } = expected;
  return [...(cause === null ? [] : [cause]), ...alsoCauses, ...notes];
}

/** Where nothing may be found at all but notes. */
export function isHealthy({ scenario: { expected } }: Row): boolean {
  return expected.verdict === "healthy";
}
