// Traces inside a lab with this very program, and compares the report with what the scenario expects.

import type { Expected, Scenario } from "../lab/scenario.ts";
import type { Finding } from "../model/verdict.ts";
import type { Report } from "../report/report.ts";
import type { LabDeps, RunningLab } from "./lab-port.ts";

/** Which command runs in the lab; `path` without. */
export type LabPart = "dns" | "mtu" | "env";

export interface TraceArguments {
  readonly part?: LabPart;
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
  const own = ["--host-snapshot", lab.snapshotFile, ...ownOptions(lab, part)];
  const record = recordFile === null ? [] : ["--record", recordFile];
  // Without an address `env` explains the way to any.
  const isNamed = targets.length > 0 || part === "env";
  const asked = isNamed ? targets : [lab.scenario.target];
  const argv = [file, ...args, part ?? "path", ...asked, ...own, ...extra, ...record];
  const exitCode = await deps.runInherited(lab.vantage.command(argv), deps.signal);
  const report = recordFile === null ? null : await deps.readReport(recordFile);
  return { exitCode, report };
}

function ownOptions({ caFile }: RunningLab, part: LabPart | undefined): readonly string[] {
  if (part === "env") return [];
  return part === "dns" ? ["--once"] : ["--ca", caFile, "--once"];
}

/** How the report differs from what the scenario expects, in words; empty when it does not. */
export function differences({ expected }: Scenario, report: Report): readonly string[] {
  const [first, ...others] = report.findings.filter(({ severity }) => severity !== "note");
  return [
    ...differs("verdict", expected.verdict, report.verdict),
    ...differs("cause", expected.cause, first?.cause ?? null),
    ...(first === undefined ? [] : placeDiffers(expected, first)),
    ...(expected.inboundPmtu === null
      ? []
      : differs("inbound PMTU", expected.inboundPmtu, report.pmtu.inbound.bytes)),
    ...expected.alsoCauses
      .filter((cause) => !others.some((finding) => finding.cause === cause))
      .map((cause) => `${cause} is not listed behind the first`),
  ];
}

function placeDiffers(expected: Expected, first: Finding): readonly string[] {
  return [
    ...differs("segment", expected.segment, first.segment),
    ...differs("direction", expected.direction, first.direction),
  ];
}

function differs(
  what: string,
  wanted: string | number | null,
  got: string | number | null,
): readonly string[] {
  return wanted === got ? [] : [`${what} should be ${wanted ?? "none"} and is ${got ?? "none"}`];
}
