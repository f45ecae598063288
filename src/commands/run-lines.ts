// The runs in a file's lines: recordings, reports in JSON on one line or on many, and the journal of `watch`, in any order.

import { messageOf } from "../errors.ts";
import { readJournalLine } from "../patrol/journal.ts";
import { makeReport } from "../report/make.ts";
import type { RunRow } from "../report/run-tally.ts";
import { REPORT_SCHEMA } from "../schema/constants.ts";
import { parseRecording } from "../schema/recording.ts";
import { RECORDING_SCHEMA } from "../schema/recording-lines.ts";
import { type Report, report as reportSchema } from "../schema/report.ts";

export type Found = Omit<RunRow, "machine"> & { readonly recording: string | null };

export interface NotRead {
  readonly line: number;
  readonly why: string;
}

/** What is held of a run whose end has not come yet: no run is as large. */
const MOST_CHARACTERS = 100_000_000;

interface Reader {
  /** @param text null: a line that is too long to be one */
  take(text: string | null): void;
  end(): void;
}

/** @param found told of each run, as soon as it is whole; @param broken of what is none */
export function createRunReader(
  found: (run: Found) => void,
  broken: (what: NotRead) => void,
): Reader {
  let number = 0;
  /** Lines of a recording, or of a report on many lines, and where it began. */
  let held: { kind: "recording" | "report"; lines: string[]; length: number; from: number } | null =
    null;
  const tell = (from: number, runs: () => readonly Found[]) => {
    try {
      for (const run of runs()) found(run);
    } catch (error) {
      broken({ line: from, why: whyNot(error) });
    }
  };
  const finish = () => {
    const whole = held;
    held = null;
    if (whole === null) return;
    const text = whole.lines.join("\n");
    tell(whole.from, () =>
      whole.kind === "report" ? runsOf(JSON.parse(text)) : [foundIn(reportIn(text, whole.from))],
    );
  };
  const begin = (kind: "recording" | "report", text: string) => {
    finish();
    held = { kind, lines: [text], length: text.length, from: number };
  };
  const hold = (text: string) => {
    if (held === null) return;
    held.lines.push(text);
    held.length += text.length;
    if (held.length <= MOST_CHARACTERS) return;
    broken({ line: held.from, why: "larger than any run" });
    held = null;
  };
  const takeReport = (text: string) => {
    hold(text);
    if (text === "}" || text === "]") finish();
  };
  /** A line of a journal, or an event. */
  const takeShort = (text: string) => {
    const note = readJournalLine(text);
    if (note !== null) {
      finish();
      if (note.kind === "verdict") found({ ...note, version: null });
    } else if (held !== null) hold(text);
    else broken({ line: number, why: "no run, and no line of one" });
  };
  const takeLine = (text: string) => {
    if (text === "{" || text === "[") return begin("report", text);
    if (text.includes(RECORDING_SCHEMA)) return begin("recording", text);
    if (text.startsWith("[") || text.includes(REPORT_SCHEMA)) {
      finish();
      return tell(number, () => runsOf(JSON.parse(text)));
    }
    takeShort(text);
  };
  return {
    take: (text) => {
      number += 1;
      if (text === null) {
        held = null;
        broken({ line: number, why: "a line that is too long" });
      } else if (held?.kind === "report") takeReport(text);
      else if (text.trim() !== "") takeLine(text);
    },
    end: finish,
  };
}

/** The number of its first line stands for the whole. */
function reportIn(text: string, from: number): Report {
  return makeReport(parseRecording(text, `the recording from line ${from} on`));
}

/** One report, or the list that several targets have. */
function runsOf(read: unknown): readonly Found[] {
  const reports = Array.isArray(read) ? read : [read];
  return reports.map((one) => foundIn(reportSchema.parse(one)));
}

function foundIn({ startedAt, version, verdict, findings }: Report): Found {
  const cause = findings.find(({ severity }) => severity !== "note")?.cause ?? null;
  return { at: startedAt, version, verdict, cause, recording: null };
}

const MOST_WHY = 120;

function whyNot(error: unknown): string {
  if (error instanceof SyntaxError) return "no JSON, or cut off";
  const message = messageOf(error);
  // zod's own message is a list in JSON.
  return message.startsWith("[") ? "no report of this version's form" : message.slice(0, MOST_WHY);
}
