// A part of `npm run trust`: what it tries, and the table that it writes.

export interface PartOptions {
  /** Rows whose name contains it. */
  readonly only: string;
  /** How often; each part has its own meaning and its usual number. */
  readonly runs?: number | undefined;
  readonly jobs: number;
  /** Where recordings of wrong runs are kept. */
  readonly keep?: string | undefined;
  readonly signal: AbortSignal;
  /** A line about how far it is. */
  tell(line: string): void;
}

export interface PartResult {
  /** Lines of a Markdown table. */
  readonly table: readonly string[];
  /** What is not as it must be, each in a line. */
  readonly wrong: readonly string[];
}

export interface Part {
  readonly name: string;
  readonly what: string;
  run(options: PartOptions): Promise<PartResult>;
}
