// Runs the built command line in a scenario's network: as root with the host's snapshot, and as an ordinary user without.

import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { createLab, type Lab } from "../../probes/lab/src/lab.ts";
import type { Command } from "../../probes/lab/src/network/namespace.ts";
import { systemClock } from "../../src/clock.ts";
import { exitCodeOf } from "../../src/report/make.ts";
import { type Report, report } from "../../src/schema/report.ts";
import { realLabSystem } from "../builders/lab-system.ts";
import type { Evidence, LiveRow } from "./row.ts";

const built = (name: string) => fileURLToPath(new URL(`../../dist/${name}.js`, import.meta.url));
const program = (name: string): Command => ({ file: process.execPath, args: [built(name)] });

/** Builds scenarios, with the built helpers. */
export const labs = createLab({
  system: realLabSystem,
  clock: systemClock,
  labHost: program("lab/lab-host"),
  labWindows: program("lab/lab-windows"),
});

/** Builds the network once, and gives a report for each kind of evidence. */
export async function traceLive(
  { scenario }: LiveRow,
  kinds: readonly Evidence[],
  signal: AbortSignal,
): Promise<readonly (readonly [Evidence, Report])[]> {
  const lab = await labs.build(scenario, { signal, notify: () => undefined });
  try {
    const done: (readonly [Evidence, Report])[] = [];
    for (const evidence of kinds) {
      // What one run has learnt of the path must not help the next.
      if (done.length > 0) await lab.flushCaches();
      await lab.prepare();
      done.push([evidence, await trace(lab, evidence)]);
    }
    return done;
  } finally {
    await lab.dispose();
  }
}

/** As root's runs do without one: no capability is left. */
const NOBODY = 65_534;
export const AS_USER = [
  "setpriv",
  `--reuid=${NOBODY}`,
  `--regid=${NOBODY}`,
  "--clear-groups",
  "--inh-caps=-all",
];

async function trace(lab: Lab, evidence: Evidence): Promise<Report> {
  const user = evidence === "user" ? AS_USER : [];
  return await reportOf(lab.vantage.command([...user, ...commandLine(lab, evidence)]));
}

/** The built command line, as it is typed for the scenario. */
export function commandLine(
  { scenario, snapshotFile, caFile }: Lab,
  evidence: Evidence,
): readonly string[] {
  const { file, args } = program("cli");
  const family = scenario.family === null ? [] : [`-${scenario.family}`];
  return [
    file,
    ...args,
    scenario.command,
    scenario.target,
    "--once",
    "--json",
    "--no-redact",
    ...scenario.options,
    ...family,
    ...(scenario.command !== "path" ? [] : ["--ca", caFile]),
    "--host-snapshot",
    evidence === "user" ? "none" : snapshotFile,
  ];
}

/** What it printed; scripts read the exit code alone, so that one which contradicts the verdict is no result. */
async function reportOf({ file, args }: Command): Promise<Report> {
  const run = await execa(file, args, { stdin: "ignore", reject: false });
  if (!run.stdout) throw new Error(`exit ${run.exitCode}: ${run.stderr}`, { cause: run });
  const made = report.parse(JSON.parse(run.stdout));
  if (run.exitCode === exitCodeOf(made.verdict)) return made;
  throw new Error(`exit ${run.exitCode} with the verdict ${made.verdict}`, { cause: run });
}
