// What stops the lab, and how anything that was thrown reads in one line.

import type { ExitCode } from "../../../src/errors.ts";

/** Exit code where the lab cannot run or be built here; whoever typed something wrong gets 2. */
export const CANNOT_RUN: ExitCode = 3;
const USAGE: ExitCode = 2;

/** A stable kebab-case code, then one sentence with what to do next, as the product's own errors have. */
export class LabError extends Error {
  readonly code: string;
  readonly exitCode: ExitCode;

  constructor(code: string, message: string, exitCode: ExitCode = USAGE) {
    super(message);
    this.name = "LabError";
    this.code = code;
    this.exitCode = exitCode;
  }
}

/** The message of anything that was thrown, in one line. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n", 1)[0] ?? "";
}
