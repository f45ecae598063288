// The errors that stop the tool or one of its probes; what the network does is data, not an error.

/** Exit codes of every command, as the interface promises them. */
export const EXIT = { healthy: 0, fault: 1, usage: 2, inconclusive: 3 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/**
 * Something that stops the tool: a stable kebab-case code, then one sentence that names the thing,
 * the reason, and what to do next.
 */
export class TraceError extends Error {
  readonly code: string;
  readonly exitCode: ExitCode;
  /** What is wrong, without what the user should do: for callers who have other advice. */
  readonly problem: string;

  /** @param options.advice what to do next; it ends the message, after a semicolon */
  constructor(
    code: string,
    problem: string,
    options: {
      readonly cause?: unknown;
      readonly exitCode?: ExitCode;
      readonly advice?: string;
    } = {},
  ) {
    const { advice } = options;
    super(advice === undefined ? problem : `${problem}; ${advice}`, { cause: options.cause });
    this.name = "TraceError";
    this.code = code;
    this.problem = problem;
    this.exitCode = options.exitCode ?? EXIT.usage;
  }
}

/** One probe cannot run here; the others go on and the report lists what was not checked. */
export class UnsupportedProbeError extends Error {
  readonly probe: string;
  readonly requires: string;

  constructor(probe: string, options: { readonly requires: string; readonly cause?: unknown }) {
    super(`${probe} needs ${options.requires}`, { cause: options.cause });
    this.name = "UnsupportedProbeError";
    this.probe = probe;
    this.requires = options.requires;
  }
}

/** The message of anything that was thrown, in one line. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n", 1)[0] ?? "";
}
