// `wsl-trace replay`: a recording through the same pipeline, to the same report.

import type { PacketTools } from "../captured-packet.ts";
import { type ExitCode, messageOf, TraceError } from "../errors.ts";
import { jsonReport } from "../report/json.ts";
import { exitCodeOf, makeReport } from "../report/make.ts";
import { textReport } from "../report/text.ts";
import type { ProbeEvent } from "../schema/event.ts";
import { parseRecording } from "../schema/recording.ts";
import { recordingHeader, recordingLine } from "../schema/recording-lines.ts";
import type { Report } from "../schema/report.ts";
import type { LanguageCode } from "../schema/run-choices.ts";
import type { Publish } from "./publish.ts";
import type { Redaction } from "./readers.ts";
import { shareable } from "./shareable.ts";
import { textIn } from "./text-in.ts";
import type { Theme } from "./themes.ts";

/** How the screen of a film is drawn. */
export interface FilmOptions extends Pick<ReplayOptions, "redaction"> {
  readonly theme: Theme;
  readonly ascii: boolean;
}

export interface ReplayOptions {
  readonly json: boolean;
  /** The trace in place of the report. */
  readonly explainRun: boolean;
  readonly lang: LanguageCode;
  /** Where the recording is written again, redacted. */
  readonly recordFile: string | null;
  /** Where its packets are written, rebuilt; absent, as null: nowhere. */
  readonly pcapFile?: string | null;
  readonly redaction: Redaction;
  /** --otlp; absent, as null: OpenTelemetry's variables decide. */
  readonly otlp?: string | null;
  /** --once: the report alone, on a terminal too. */
  readonly once?: boolean;
  readonly theme?: Theme;
  readonly ascii?: boolean;
}

export interface ReplayDeps {
  readText(path: string): Promise<string>;
  /** Into a file that only its owner can read. */
  writeText(path: string, text: string): Promise<void>;
  print(text: string): void;
}

export interface ReplayCommandDeps extends ReplayDeps {
  writeText(path: string, content: string | Uint8Array): Promise<void>;
  /** Loaded where a capture file is wanted alone. */
  packetTools(): Promise<PacketTools>;
  notify(line: string): void;
  /** Absent, as null: no collector is to have it. */
  readonly publish?: Publish | null;
}

export interface FilmDeps {
  /** Plays it on the terminal; null where there is none to draw on. */
  readonly film: ((events: readonly ProbeEvent[], options: FilmOptions) => Promise<void>) | null;
}

/** @throws TraceError when the recording cannot be read or is not whole */
export async function replay(
  file: string,
  options: ReplayOptions,
  deps: ReplayCommandDeps & FilmDeps,
): Promise<ExitCode> {
  const { json, recordFile, pcapFile, redaction } = options;
  const report = reportOf(await deps.readText(file), file);
  if (deps.film !== null && isFilm(options)) {
    const { theme = "dark", ascii = false } = options;
    await deps.film(report.events, { theme, ascii, redaction });
  }
  const isShared = json || recordFile !== null;
  const shared = isShared ? await shareable(report, redaction) : report;
  deps.print(await faceOf(json ? shared : report, options));
  if (recordFile !== null) {
    const lines = [recordingHeader(redaction.applied), ...shared.events.map(recordingLine)];
    await deps.writeText(recordFile, lines.join(""));
  }
  if (pcapFile !== null && pcapFile !== undefined) {
    const { pcapOutput } = await import("./pcap-output.ts");
    const tools = await deps.packetTools();
    const runs = [{ report, capture: null }];
    const { bytes, note } = pcapOutput({ file: pcapFile, runs, tools, redaction });
    await deps.writeText(pcapFile, bytes);
    deps.notify(note);
  }
  await deps.publish?.([report]);
  return exitCodeOf(report.verdict);
}

/** What is to be piped, or is another face of the report, is no film. */
function isFilm(options: ReplayOptions): boolean {
  const { json, explainRun, lang, recordFile, pcapFile = null, once } = options;
  if (pcapFile !== null) return false;
  return !json && !explainRun && lang === "en" && recordFile === null && once !== true;
}

async function faceOf(report: Report, { json, explainRun, lang }: ReplayOptions): Promise<string> {
  if (json) return jsonReport(report);
  if (lang !== "en") return textIn(lang, report);
  if (!explainRun) return textReport(report);
  const { explanation } = await import("../report/text-trace.ts");
  return explanation(report);
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
