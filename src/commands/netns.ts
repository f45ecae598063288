// `--netns`: what a container or another network namespace sees, beside what its host sees.

import { EXIT, type ExitCode, TraceError } from "../errors.ts";
import type { Report } from "../schema/report.ts";
import { openOutputs } from "./outputs.ts";
import type { PathCommand } from "./path-command.ts";
import type { PathDeps } from "./path-request.ts";
import type { ReplayCommandDeps } from "./replay.ts";
import type { Sink } from "./sink.ts";

export interface NetnsDeps
  extends Pick<PathDeps, "openFile" | "print">,
    Pick<ReplayCommandDeps, "packetTools" | "notify"> {
  /**
   * Runs this program once more, in the namespace or here.
   * @returns what it made of the run, or what it wrote to standard error
   */
  trace(args: readonly string[], where: "inside" | "here"): Promise<Report | { error: string }>;
}

/** Traces each target from the namespace and then from here; what counts is the namespace. */
export async function traceFromNetns(
  command: PathCommand,
  part: string,
  netns: string,
  deps: NetnsDeps,
): Promise<ExitCode> {
  const { exitCodeOf, printReports } = await import("./path-output.ts");
  const options = passedOn(command.optionsAsTyped);
  const outputs = openOutputs({ ...command, recordFile: null }, deps.openFile);
  const reports: Report[] = [];
  const codes: ExitCode[] = [];
  try {
    for (const target of command.targetsAsTyped) {
      const args = [part, target, ...options, "--once", "--quiet"];
      const inside = reportOf(await deps.trace([...args, "--in-netns", netns], "inside"));
      reports.push(inside, reportOf(await deps.trace(args, "here")));
      codes.push(exitCodeOf(inside.verdict));
    }
  } catch (error) {
    outputs.leave();
    throw error;
  }
  await printReports(reports, command, { print: deps.print, report: outputs.report });
  if (outputs.pcap !== null) await writePcap(reports, command, deps, outputs.pcap);
  outputs.close();
  return codes.find((code) => code !== EXIT.healthy) ?? EXIT.healthy;
}

/** Both runs are other processes, of which this one has the events. */
async function writePcap(
  reports: readonly Report[],
  { pcapFile, redaction }: PathCommand,
  deps: NetnsDeps,
  sink: Sink,
): Promise<void> {
  const { pcapOutput } = await import("./pcap-output.ts");
  const tools = await deps.packetTools();
  const runs = reports.map((report) => ({ report, capture: null }));
  const { bytes, note } = pcapOutput({ file: pcapFile ?? "", runs, tools, redaction });
  sink.write(bytes);
  deps.notify(note);
}

function reportOf(traced: Report | { error: string }): Report {
  if (!("error" in traced)) return traced;
  const message = `the run for --netns failed: ${traced.error.trim()}`;
  throw new TraceError("netns-failed", message, { exitCode: EXIT.inconclusive });
}

/** Both runs write recordings of their own, and nothing to the terminal. */
const PLAIN = ["--json", "--quiet", "--explain-run"];
const VALUED = ["--record", "--report", "--pcap"];

function passedOn(typed: readonly string[]): readonly string[] {
  return typed.filter(
    (word, n) =>
      !PLAIN.includes(word) && !VALUED.includes(word) && !VALUED.includes(typed[n - 1] ?? ""),
  );
}
