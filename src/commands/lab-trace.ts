// Traces inside a lab with this very program, and compares the report with what the scenario expects.

import type { Report } from "../report/report.ts";
import type { LabDeps, RunningLab } from "./lab-port.ts";

export interface TraceArguments {
  readonly part?: "dns" | "mtu";
  readonly targets: readonly string[];
  readonly extra: readonly string[];
}

export interface Traced {
  readonly exitCode: number;
  /** Null when none was asked for, or the run wrote none. */
  readonly report: Report | null;
}

/** Runs `path`, or another command that traces, in the vantage, on our own terminal. */
export async function startTrace(
  lab: RunningLab,
  { part, targets, extra }: TraceArguments,
  deps: LabDeps,
  recordFile: string | null,
): Promise<Traced> {
  const { file, args } = deps.self;
  const command = part ?? lab.scenario.command;
  const trust = command !== "dns" ? ["--ca", lab.caFile] : [];
  const own = ["--host-snapshot", lab.snapshotFile, ...trust, "--once"];
  const record = recordFile === null ? [] : ["--record", recordFile];
  const asked = targets.length === 0 ? [lab.scenario.target] : targets;
  const chosen =
    extra.includes("-4") ||
    extra.includes("-6") ||
    lab.scenario.family === null ||
    targets.length > 0;
  const family = chosen ? [] : [`-${lab.scenario.family}`];
  await lab.prepare();
  const argv = [
    file,
    ...args,
    command,
    ...asked,
    ...own,
    ...lab.scenario.options,
    ...family,
    ...extra,
    ...record,
  ];
  const exitCode = await deps.runInherited(lab.vantage.command(argv), deps.signal);
  const report = recordFile === null ? null : await deps.readReport(recordFile);
  return { exitCode, report };
}
