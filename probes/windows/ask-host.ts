// Queries Windows itself, through the programs of this machine.

import type { Clock } from "../../src/clock.ts";
import type { System } from "../system.ts";
import { collectHost } from "./host.ts";
import type { AskHost } from "./host-snapshot.ts";
import { createRunBounded } from "./run-bounded.ts";
import { readCollector } from "./script-file.ts";

export interface WindowsAccess {
  /** PATH. */
  readonly searchPath: string;
  /** One line about a step of querying Windows. */
  debug(line: string): void;
}

export interface AskDeps {
  readonly system: System;
  readonly clock: Clock;
  readonly windows: WindowsAccess;
}

export function createAskHost({ system, clock, windows }: AskDeps): AskHost {
  const run = createRunBounded(clock);
  const deps = { system, run, readScript: readCollector, ...windows };
  return (questions, signal) => collectHost(deps, questions, signal);
}
