// `wsl-trace report`: recordings or JSON reports as one file for others, in the order that its reader looks for.

import { type ExitCode, TraceError } from "../errors.ts";
import { explanationIn, type FaceOptions, faceOf } from "../report/faces/face.ts";
import { jsonReports } from "../report/json.ts";
import { exitCodeOfAll } from "../report/make.ts";
import type { Reader } from "../report/markdown/markdown.ts";
import { textReport } from "../report/text.ts";
import type { Report } from "../schema/report.ts";
import type { LanguageCode } from "../schema/run-choices.ts";
import { readReports } from "./read-report.ts";
import type { Redaction } from "./readers.ts";
import type { ReplayDeps } from "./replay.ts";
import { shareable } from "./shareable.ts";

export interface ReportRequest {
  readonly reader: Reader;
  /** Null: Markdown on standard output. */
  readonly outFile: string | null;
  readonly lang: LanguageCode;
  /** Onto the clipboard, where nothing but redacted text goes. */
  readonly copy: boolean;
  readonly redaction: Redaction;
}

export interface ReportDeps extends ReplayDeps {
  /** To the clipboard: all of it or nothing, and what came of it. */
  copy(text: string): Promise<{ readonly done: boolean; readonly note: string }>;
  /** The name of a file for what no clipboard took. */
  newFile(): string;
  notify(line: string): void;
}

/** @throws TraceError when a file is neither a whole recording nor a report, or real names would be copied */
export async function report(
  files: readonly string[],
  { reader, outFile, copy, lang, redaction }: ReportRequest,
  deps: ReportDeps,
): Promise<ExitCode> {
  if (copy && !redaction.applied) throw new TraceError("copy-unredacted", NEVER_COPIED);
  const shared: Report[] = [];
  for (const file of files) {
    for (const read of readReports(await deps.readText(file), file)) {
      // What is redacted already holds nothing else.
      shared.push(read.redaction?.applied ? read : await shareable(read, redaction));
    }
  }
  const { languageOf } = await import("../report/languages.ts");
  const text = written(shared, outFile ?? "x.md", { reader, language: await languageOf(lang) });
  if (outFile !== null) await deps.writeText(outFile, text);
  if (copy) await copyOrWrite(text, outFile, deps);
  else if (outFile === null) deps.print(text);
  return exitCodeOfAll(shared);
}

const NEVER_COPIED =
  "--copy puts redacted text on the clipboard: leave --no-redact out, or write a file with --out";

/** What no clipboard took is in a file, and its name is said. */
async function copyOrWrite(text: string, outFile: string | null, deps: ReportDeps): Promise<void> {
  const { done, note } = await deps.copy(text);
  const file = done || outFile !== null ? outFile : deps.newFile();
  if (!done && file !== null && outFile === null) await deps.writeText(file, text);
  deps.notify(done ? note : `not copied: ${note}; the report is in ${file}`);
}

function written(shared: readonly Report[], file: string, options: FaceOptions): string {
  if (file.endsWith(".json")) return jsonReports(shared);
  if (!file.endsWith(".txt")) return faceOf(file, shared, options);
  const { language } = options;
  const text = (one: Report) =>
    language === undefined ? textReport(one) : explanationIn(language, one);
  return shared.map(text).join("\n");
}
