// What `wsl-trace fix` needs of the outside: the machine, the kept run, the journal, a trace, and a question to the user.

import type { Change, State } from "../fixing/change.ts";
import type { Journal, Step } from "../fixing/journal.ts";
import type { Report } from "../schema/report.ts";

/** The command as it was typed. */
export interface FixRequest {
  readonly cause: string | null;
  /** Traced first; null: the last run. */
  readonly target: string | null;
  /** A recording in place of the last run. */
  readonly from: string | null;
  readonly apply: boolean;
  readonly persist: boolean;
  readonly undo: boolean;
  /** Keeps what a killed run had done. */
  readonly finish: boolean;
  readonly windows: boolean;
  readonly yes: boolean;
  readonly forget: boolean;
}

/** `changed-since`: somebody else changed it, and it was left so. */
export type Restored = "as-before" | "restored" | "changed-since";

export interface FixMachine {
  /** What the change would touch, as it is now. */
  stateOf(change: Change): Promise<State>;
  /** @throws TraceError when it could not be done */
  perform(change: Change): Promise<void>;
  restore(step: Step, isWhole: boolean): Promise<Restored>;
  /** Forgets routes, path MTUs, TCP metrics and names that were learnt. */
  flush(): Promise<void>;
  /** Which start of the kernel and which network namespace this is. */
  here(): Promise<{ readonly boot: string; readonly netns: string }>;
  hasSystemd(): Promise<boolean>;
}

/** A run that can be made again. */
export interface KeptRun {
  readonly report: Report;
  /** How `path` was called: target and options. */
  readonly argv: readonly string[];
}

export interface FixStore {
  /** Null where there is none. @throws TraceError where it cannot be read */
  lastRun(): Promise<KeptRun | null>;
  forget(): Promise<void>;
  journal(): Promise<Journal>;
  /** Is on the disk when it resolves. */
  write(journal: Journal): Promise<void>;
  /** Keeps a file as it was; gives the name of the copy. */
  backUp(path: string, bytes: Uint8Array): Promise<string>;
}

export interface FixDeps {
  readonly isRoot: boolean;
  /** Whether /etc/wsl.conf is read here. */
  readonly isWsl: boolean;
  readonly store: FixStore;
  readonly machine: FixMachine;
  /** The time as ISO 8601. */
  readonly now: () => string;
  /** Runs `path` once more on our own terminal; null where it wrote no report. */
  trace(argv: readonly string[]): Promise<Report | null>;
  /** The report of a recording. @throws TraceError */
  readReport(file: string): Promise<Report>;
  /** Runs this command once more as root, on our own terminal; its exit code. */
  asRoot(): Promise<number>;
  /** Null: there is nobody to ask. */
  readonly ask: ((question: string) => Promise<boolean>) | null;
  /** Runs a script in one elevated PowerShell; its exit code. */
  runElevated(script: string): Promise<number>;
  print(text: string): void;
}
