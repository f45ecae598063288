// What querying Windows needs of this machine.

import type { System } from "../system.ts";
import type { RunBounded } from "./run-bounded.ts";

export interface WindowsDeps {
  readonly system: System;
  readonly run: RunBounded;
  /** The text of collect.ps1. */
  readScript(): Promise<string>;
  /** PATH. */
  readonly searchPath: string;
  /** For PowerShell; a test gives less. */
  readonly timeoutMs?: number;
  /** One line about a step, for --debug. */
  debug(line: string): void;
}
