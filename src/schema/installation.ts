// What an installation consists of, as `doctor --json` has it.

/** A program that is started at times, and what is lost without it. */
export interface InstalledProgram {
  readonly name: string;
  /** Null where it is in no folder of the search path. */
  readonly path: string | null;
  readonly without: string;
  readonly install: string;
}

/** What this installation consists of. */
export interface Installation {
  readonly version: string;
  /** As Node names itself: v20.20.2. */
  readonly node: string;
  /** Where it is. */
  readonly execPath: string;
  readonly platform: string;
  /** glibc's version; null with another C library. */
  readonly glibc: string | null;
  /** Why koffi, by which system calls are made, did not load; null where it did. */
  readonly koffiProblem: string | null;
  readonly hasRawSocketPackage: boolean;
  readonly programs: readonly InstalledProgram[];
}
