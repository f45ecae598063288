// The table of what is lost where a system call is refused, or something that a run usually has: a part of the evidence, never the truth.

import type { Scenario } from "../../../probes/lab/src/scenarios/scenario.ts";
import { EXIT } from "../../../src/errors.ts";
import type { Report } from "../../../src/schema/report.ts";
import { RESTRICTIONS, type Restriction } from "../../lab/harness/restricted.ts";
import { type RestrictedRun, traceRestricted } from "../../lab/harness/restricted-trace.ts";
import { countsOf, inLab, type Judged, judged } from "../judged.ts";
import type { Part } from "../part.ts";

/** A network that is well, one that loses what is large in silence, and one whose name server refuses. */
const LABS = ["wsl2-healthy", "wsl2-vpn", "dns-refused"];
/** Nobody hangs for longer than it takes to see that. */
const OPTIONS = ["--timeout", "3"];
const RUNS = 1;

interface Tried {
  readonly restriction: Restriction | null;
  readonly done: Judged;
  readonly lost: readonly string[];
}

export const REFUSED: Part = {
  name: "refusals",
  what: "runs of an ordinary user from which a system call is kept",
  run: async ({ only, runs = RUNS, signal, tell }) => {
    const chosen = [null, ...RESTRICTIONS.filter((name) => name.includes(only))];
    const tried: Tried[] = [];
    for (const name of LABS) {
      await inLab(name, signal, async (lab) => {
        for (const restriction of chosen.flatMap((one) =>
          Array.from({ length: runs }, () => one),
        )) {
          if (signal.aborted) return;
          const run = await traceRestricted(lab, {
            user: "user",
            restrictions: restriction === null ? [] : [restriction],
            options: OPTIONS,
          });
          const done = outcomeOf(lab.scenario, run);
          tried.push({ restriction, done, lost: lostIn(run.report) });
          tell(`${name} ${restriction ?? "nothing"}: ${done.outcome} (${done.said})`);
        }
      });
    }
    const usual = new Set(of(tried, null).flatMap(({ lost }) => lost));
    return {
      table: [
        "| refused | what is lost | runs | right | inconclusive | wrong |",
        "| --- | --- | --- | --- | --- | --- |",
        ...chosen.map((one) => lineOf(one, of(tried, one), usual)),
      ],
      wrong: tried
        .filter(({ done }) => done.outcome === "wrong")
        .map(({ restriction, done }) => `${restriction}: ${done.said}`),
    };
  },
};

/** Where Node cannot even load the tool, one sentence says what to do, and the code that nothing was found out. */
const TOLD: Judged = { outcome: "inconclusive", said: "one sentence" };

function outcomeOf(scenario: Scenario, run: RestrictedRun): Judged {
  return isToldAtOnce(run) ? TOLD : judged(scenario, run);
}

function isToldAtOnce({ report, exitCode, stderr }: RestrictedRun): boolean {
  const isOneSentence = /^wsl-trace: .*ulimit -n 256.*\n?$/.test(stderr);
  return report === null && exitCode === EXIT.inconclusive && isOneSentence;
}

function of(tried: readonly Tried[], restriction: Restriction | null): readonly Tried[] {
  return tried.filter((one) => one.restriction === restriction);
}

/** Rungs of the ladder that are missing, and probes that were left out. */
function lostIn(report: Report | null): readonly string[] {
  if (report === null) return ["the report"];
  const rungs = report.vantage.ladder.filter(({ available }) => !available);
  const skipped = report.events.flatMap((event) =>
    event.kind === "probe-skipped" ? [event.probe] : [],
  );
  return [...rungs.map(({ rung }) => rung), ...skipped.map((probe) => `the probe ${probe}`)];
}

function lineOf(
  restriction: Restriction | null,
  tried: readonly Tried[],
  usual: ReadonlySet<string>,
): string {
  const lost = [...new Set(tried.flatMap((one) => one.lost))].filter((one) => !usual.has(one));
  const said = lost.length === 0 ? "nothing" : lost.join(", ");
  const cells = [
    restriction ?? "(none)",
    said,
    tried.length,
    ...countsOf(tried.map(({ done }) => done)),
  ];
  return `| ${cells.join(" | ")} |`;
}
