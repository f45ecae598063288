// Somebody on the Windows host who probes, and what finding one takes.

import type { Clock } from "../../src/clock.ts";
import type { System } from "../system.ts";
import type { HelperReply } from "./helper.ts";
import type { HelperQuestion } from "./helper-protocol.ts";
import type { RunBounded } from "./run-bounded.ts";

/** Sends probes from the host; its caller need not know where it runs. */
export interface HostProber {
  readonly by: "powershell" | "ping.exe";
  readonly languageMode: string | null;
  /** Whether it runs as administrator. */
  readonly elevated: boolean;
  /** Sends them together as far as it can; each answer comes on its own, and never later than its limit. */
  ask(questions: readonly HelperQuestion[]): readonly Promise<HelperReply>[];
  close(): void;
}

export interface ProberDeps {
  readonly system: System;
  readonly clock: Clock;
  readonly run: RunBounded;
  /** The text of helper.ps1. */
  readScript(): Promise<string>;
  /** PATH. */
  readonly searchPath: string;
  readonly startLimitMs?: number;
  debug(line: string): void;
}
