// The request of `wsl-trace path`, and its dependencies.

import type { PacketTools } from "../captured-packet.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { ProbeEvent } from "../schema/event.ts";
import type { RunOptions, Target } from "../schema/events/run.ts";
import type { WatchReport } from "../schema/events/watch.ts";
import type { Report } from "../schema/report.ts";
import type { LanguageCode } from "../schema/run-choices.ts";
import type { WatchInput } from "../watch/watch.ts";
import type { CaptureOrReason } from "./pcap-output.ts";
import type { Publish } from "./publish.ts";
import type { Redaction } from "./readers.ts";
import type { Sink } from "./sink.ts";

export interface PathRequest {
  readonly targets: readonly Target[];
  readonly options: RunOptions;
  readonly json: boolean;
  readonly quiet: boolean;
  /** The trace in place of the report. */
  readonly explainRun?: boolean;
  /** --rounds of --watch; absent: without an end. */
  readonly rounds?: number;
  /** --lang; absent: English. */
  readonly lang?: LanguageCode;
  /** --record. */
  readonly recordFile: string | null;
  /** --report. */
  readonly reportFile: string | null;
  /** --pcap; absent, as null: none. */
  readonly pcapFile?: string | null;
  /** Of what is written as JSON or into the report's file. */
  readonly redaction: Redaction;
}

export interface PathDeps {
  /** @param beside given where other targets are traced at the same time: ends this run alone, which nobody looks at */
  trace(
    target: Target,
    options: RunOptions,
    record: (event: ProbeEvent) => void,
    beside?: AbortSignal,
  ): AsyncIterable<Snapshot>;
  /** How many targets may be traced side by side; 1: one after the other. */
  readonly atOnce: number;
  /** Draws the run on the terminal; null where there is none to draw on. */
  readonly show: ((targets: AsyncIterable<readonly Snapshot[]>) => Promise<void>) | null;
  /** Goes on after the verdicts, a report for each run in their order; null: the command ends with them. */
  readonly watch:
    | ((options: RunOptions, runs: readonly WatchRun[]) => Promise<readonly WatchReport[]>)
    | null;
  /** What keys set of it. */
  readonly controls: WatchInput["controls"] | null;
  /** What ends a run early. */
  readonly signal: AbortSignal;
  /** A line about what is going on, where no screen shows it. */
  notify(line: string): void;
  /** A file that only its owner can read. */
  openFile(path: string): Sink;
  print(text: string): void;
  /** For --pcap. */
  readonly packets?: PacketSource;
  /** Gets the report of each run when it has ended, with its place among the targets. */
  readonly keepRun?: (report: Report, index: number) => Promise<void>;
  /** Absent, as null: no collector is to have them. */
  readonly publish?: Publish | null;
}

export interface PacketSource {
  readonly tools: PacketTools;
  /** Of the run that ended last. */
  take(): CaptureOrReason;
}

/** What continuous mode is given of a run that has its verdict. */
export type WatchRun = Pick<
  WatchInput,
  "first" | "controls" | "retrace" | "show" | "notify" | "signal" | "rounds"
>;
