// Traces inside a lab with this very program, on the user's terminal.

import type { Report } from "../schema/report.ts";
import type { LabDeps, RunningLab } from "./lab-port.ts";

/** Which command runs in the lab; `path` without. */
export type LabPart = "dns" | "mtu" | "env" | "inbound";

export interface TraceArguments {
  readonly part?: LabPart;
  readonly targets: readonly string[];
  readonly extra: readonly string[];
  /** Whether the screen stays until it is left; else it ends with the run. */
  readonly stays?: boolean;
}

export interface Traced {
  readonly exitCode: number;
  /** Null when none was requested, or the run wrote none. */
  readonly report: Report | null;
}

/** Runs `path`, or another command that traces, in the vantage, on our own terminal. */
export async function startTrace(
  lab: RunningLab,
  { part, targets, extra, stays = false }: TraceArguments,
  deps: LabDeps,
  recordFile: string | null,
): Promise<Traced> {
  const { file, args } = deps.self;
  const command = part ?? lab.scenario.command;
  const own = ["--host-snapshot", lab.snapshotFile, ...ownOptions(lab, command, stays)];
  const record = recordFile === null ? [] : ["--record", recordFile];
  // Without an address `env` explains the path to any.
  const isNamed = targets.length > 0 || command === "env";
  const traced = isNamed ? targets : [lab.scenario.target];
  const { family } = lab.scenario;
  const isPort = command === "inbound";
  const isChosen =
    isPort || isNamed || family === null || extra.includes("-4") || extra.includes("-6");
  await lab.prepare();
  const argv = [
    file,
    ...args,
    command,
    ...traced,
    ...own,
    ...(command === "env" ? [] : lab.scenario.options),
    ...(isChosen ? [] : [`-${family}`]),
    ...extra,
    ...record,
  ];
  const exitCode = await deps.runInherited(lab.vantage.command(argv), deps.signal);
  const report = recordFile === null ? null : await deps.readReport(recordFile);
  return { exitCode, report };
}

function ownOptions({ caFile }: RunningLab, command: string, stays: boolean): readonly string[] {
  if (command === "env") return [];
  const trust = command === "dns" || command === "inbound" ? [] : ["--ca", caFile];
  return stays ? trust : [...trust, "--once"];
}
