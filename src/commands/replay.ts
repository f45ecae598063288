// `wsl-trace replay`: a recording through the same pipeline, to the same report.

import { type ExitCode, messageOf, TraceError } from "../errors.ts";
import { jsonReport } from "../report/json.ts";
import { exitCodeOf, makeReport } from "../report/make.ts";
import { textReport } from "../report/text.ts";
import { parseRecording } from "../schema/recording.ts";
import type { Report } from "../schema/report.ts";

export interface ReplayDeps {
  readText(path: string): Promise<string>;
  print(text: string): void;
}

/** @throws TraceError when the recording cannot be read or is not whole */
export async function replay(
  file: string,
  options: { readonly json: boolean },
  deps: ReplayDeps,
): Promise<ExitCode> {
  const report = reportOf(await deps.readText(file), file);
  deps.print(options.json ? jsonReport(report) : textReport(report));
  return exitCodeOf(report.verdict);
}

/** @throws TraceError when the recording is not whole */
export function reportOf(recording: string, file: string): Report {
  return makeReport(parseRecording(recording, file));
}

/** What stops a replay whose file cannot be read. */
export function unreadableRecording(name: string, cause: unknown): TraceError {
  const message = `the recording ${name} cannot be read (${messageOf(cause)}): give a file that wsl-trace path --record wrote`;
  return new TraceError("recording-unreadable", message, { cause });
}
