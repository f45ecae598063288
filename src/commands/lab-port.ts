// What the lab commands need of the outside: the lab itself, which is a package of its own, programs, and an output.

import type { Report } from "../schema/report.ts";
import type { Fix } from "../schema/verdict.ts";

/** A program and its arguments. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

/** What the commands read of a network and its fault. */
export interface LabScenario {
  readonly name: string;
  readonly title: string;
  /** The network in ASCII. */
  readonly topology: { readonly picture: string };
  /** Where the traced program runs. */
  readonly vantage: string;
  readonly target: string;
  readonly command: "path" | "dns" | "inbound";
  /** Options without which it cannot be diagnosed. */
  readonly options: readonly string[];
  /** The family that is traced unless the user chooses one; null: both. */
  readonly family: 4 | 6 | null;
}

/** A network that stands. */
export interface RunningLab {
  readonly scenario: LabScenario;
  readonly snapshotFile: string;
  readonly caFile: string;
  readonly directory: string;
  readonly namespaces: Readonly<Record<string, string | undefined>>;
  readonly vantage: {
    readonly namespace: string;
    command(argv: readonly string[]): Command;
  };
  prepare(): Promise<void>;
  flushCaches(): Promise<void>;
  applyFix(fix: Fix): Promise<void>;
  /** What of a report is not as the scenario expects, in words. */
  unexpected(report: Report): readonly string[];
  dispose(): Promise<void>;
}

/** What the screen shows of a lab that is being built. */
export interface LabSeen {
  readonly name: string;
  readonly title: string;
  /** The network in ASCII. */
  readonly picture: string;
  /** What has been begun, in its order; the last one goes on. */
  readonly work: readonly string[];
}

export interface BuildingScreen {
  show(seen: LabSeen): void;
  /** Settles when the screen is gone. */
  end(): Promise<void>;
}

interface BuildOptions {
  readonly signal: AbortSignal;
  readonly notify: (line: string) => void;
  /** Called with what is being made from now on. */
  readonly begin: (what: string, scenario: LabScenario) => void;
}

/** Builds and removes networks. */
export interface LabPort {
  /** Rejects where there is no such scenario, or the machine lacks what a lab needs. */
  build(scenario: string, options: BuildOptions): Promise<RunningLab>;
  cleanLeftovers(): Promise<readonly string[]>;
}

export interface LabDeps {
  readonly lab: LabPort;
  /** How this very program is run. */
  readonly self: Command;
  /** The user's shell. */
  readonly shell: string;
  readonly signal: AbortSignal;
  /** Runs a program on our own terminal and gives its exit code, 128 + number for a signal. */
  runInherited(command: Command, signal: AbortSignal): Promise<number>;
  /** The report of a recording; null when there is none to read. */
  readReport(recordFile: string): Promise<Report | null>;
  /** To standard output, as it is. */
  print(text: string): void;
  /** A line about what is being done, to standard error. */
  notify(line: string): void;
  /** Draws what is being built on the terminal; null: there is none to draw on. */
  readonly building: BuildingScreen | null;
}
