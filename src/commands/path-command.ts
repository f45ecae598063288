// The path, mtu and dns commands as the user typed them.

import type { RunOptions, Target } from "../schema/events/run.ts";
import type { LanguageCode } from "../schema/run-choices.ts";
import type { KernelChoice, Redaction } from "./readers.ts";
import type { Theme } from "./themes.ts";

/** The options of `path`, read and checked. */
export interface PathCommand {
  readonly targets: readonly Target[];
  readonly options: RunOptions;
  readonly json: boolean;
  readonly quiet: boolean;
  /** --explain-run: the trace in place of the report. */
  readonly explainRun?: boolean;
  /** --lang; absent: English. */
  readonly lang?: LanguageCode;
  readonly once: boolean;
  /** --watch: goes on without a screen, too. */
  readonly watch?: boolean;
  /** --rounds. */
  readonly rounds?: number;
  readonly theme: Theme;
  /** Draws with what every font has. */
  readonly ascii: boolean;
  readonly recordFile: string | null;
  readonly reportFile: string | null;
  /** --pcap; absent, as null: none. */
  readonly pcapFile?: string | null;
  /** --otlp; absent, as null: OpenTelemetry's variables decide. */
  readonly otlp?: string | null;
  /** A file, "none", or null when nothing was given. */
  readonly hostSnapshot: string | null;
  readonly caFile: string | null;
  readonly kernel: KernelChoice;
  readonly redaction: Redaction;
  /** The network namespace of --netns; null: this one. */
  readonly netns: string | null;
  /** The scenario of --lab. */
  readonly lab: string | null;
  readonly targetsAsTyped: readonly string[];
  /** The options as typed, without --lab, for a run inside one. */
  readonly optionsAsTyped: readonly string[];
}
