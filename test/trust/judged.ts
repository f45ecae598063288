// Whether a run in a lab is right where something was taken from it: as wide as an ordinary user's may be, and never wrong.

import { userDifferences } from "../../probes/lab/src/compare.ts";
import type { Lab } from "../../probes/lab/src/lab.ts";
import type { Scenario } from "../../probes/lab/src/scenarios/scenario.ts";
import { scenarioNamed } from "../../probes/lab/src/scenarios.ts";
import { exitCodeOf } from "../../src/report/make.ts";
import type { RestrictedRun } from "../lab/harness/restricted-trace.ts";
import { labs } from "../matrix/live.ts";
import { widerCauses } from "../matrix/wider-causes.ts";

export type Outcome = "right" | "inconclusive" | "wrong";

export interface Judged {
  readonly outcome: Outcome;
  /** Verdict and what is blamed, or what is wrong, in a line. */
  readonly said: string;
}

/**
 * No report, an exit code that says something else, or a verdict that the scenario does not have.
 * @param wantedCode null: the verdict's own
 */
export function judged(
  scenario: Scenario,
  { report, exitCode, stderr }: RestrictedRun,
  wantedCode: number | null = null,
): Judged {
  if (report === null) {
    return { outcome: "wrong", said: `no report, exit ${exitCode}: ${stderr.slice(0, 300)}` };
  }
  const blamed = report.findings.filter(({ severity }) => severity !== "note");
  const said = `${report.verdict} ${blamed.map(({ cause }) => cause).join(", ")}`.trim();
  const wrong = [
    ...userDifferences(scenario, report, widerCauses).map(({ text }) => text),
    ...(exitCode === (wantedCode ?? exitCodeOf(report.verdict)) ? [] : [`exit ${exitCode}`]),
    ...(stderr.includes("should not happen") ? [stderr.slice(0, 300)] : []),
  ];
  if (wrong.length > 0) return { outcome: "wrong", said: `${said}: ${wrong.join("; ")}` };
  return { outcome: report.verdict === "inconclusive" ? "inconclusive" : "right", said };
}

/** @throws for a scenario that there is none of */
export async function inLab<T>(
  name: string,
  signal: AbortSignal,
  work: (lab: Lab) => Promise<T>,
): Promise<T> {
  const scenario = scenarioNamed(name);
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  const lab = await labs.build(scenario, { signal, notify: () => undefined });
  try {
    return await work(lab);
  } finally {
    await lab.dispose();
  }
}

/** Right, inconclusive and wrong ones, as cells of a table. */
export function countsOf(all: readonly Judged[]): readonly number[] {
  const count = (wanted: Outcome) => all.filter(({ outcome }) => outcome === wanted).length;
  return [count("right"), count("inconclusive"), count("wrong")];
}
