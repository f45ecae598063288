// `wsl-trace summary`: many runs at once, counted.

import { EXIT, type ExitCode } from "../errors.ts";
import { createRunTally, type RunRow } from "../report/run-tally.ts";
import { runSummaryText } from "../report/text-run-summary.ts";
import { indentedJson } from "../schema/recording-lines.ts";
import { createRunReader, type Found } from "./run-lines.ts";

export interface SummaryRequest {
  readonly paths: readonly string[];
  readonly json: boolean;
  /** Where the runs go as rows: .parquet or .duckdb; null: nowhere. */
  readonly exportFile: string | null;
}

/** A file that may hold runs. */
export interface RunFile {
  readonly path: string;
  readonly machine: string | null;
  /** Its folder was named, so that what lies beside it is read as well. */
  readonly inFolder: boolean;
}

/** Where rows go on their way to a table. */
export interface RowTable {
  add(row: RunRow): void;
  /** @throws TraceError where DuckDB is not there */
  save(): Promise<void>;
  remove(): void;
}

export interface SummaryDeps {
  /** @throws TraceError where one is not there */
  files(paths: readonly string[]): Iterable<RunFile>;
  /** Its lines one by one; null for one that is too long. */
  lines(path: string): AsyncIterable<string | null>;
  /** Whether a file of that name lies beside the other. */
  isBeside(path: string, name: string): boolean;
  openTable(file: string): Promise<RowTable>;
  print(text: string): void;
}

/** Of what could not be read. */
const MOST_NAMED = 20;

/** @returns 3 where no run was found */
export async function summary(
  { paths, json, exportFile }: SummaryRequest,
  deps: SummaryDeps,
): Promise<ExitCode> {
  const table = exportFile === null ? null : await deps.openTable(exportFile);
  try {
    const tally = createRunTally();
    const named: { file: string; line: number; why: string }[] = [];
    let unread = 0;
    for (const file of deps.files(paths)) {
      await readRuns(file, deps, {
        found: (row) => {
          tally.add(row);
          table?.add(row);
        },
        broken: (line, why) => {
          unread += 1;
          if (named.length < MOST_NAMED) named.push({ file: file.path, line, why });
        },
      });
    }
    const result = tally.result();
    const notCounted = { count: unread, named };
    await table?.save();
    deps.print(
      json
        ? indentedJson({ schema: "wsl-trace.summary/1", ...result, notCounted })
        : runSummaryText(result, notCounted),
    );
    return result.runs === 0 ? EXIT.inconclusive : EXIT.healthy;
  } finally {
    table?.remove();
  }
}

interface Told {
  found(row: RunRow): void;
  broken(line: number, why: string): void;
}

async function readRuns(file: RunFile, deps: SummaryDeps, { found, broken }: Told): Promise<void> {
  const { path, machine, inFolder } = file;
  /** A journal's verdict and the recording of the same run count once. */
  const isTwice = ({ recording }: Found) =>
    recording !== null && inFolder && deps.isBeside(path, recording);
  const reader = createRunReader(
    (run) => {
      const { at, version, verdict, cause } = run;
      if (Number.isNaN(Date.parse(at))) broken(0, `a run of no time that can be read`);
      else if (!isTwice(run))
        found({ at: new Date(at).toISOString(), machine, version, verdict, cause });
    },
    ({ line, why }) => broken(line, why),
  );
  try {
    for await (const line of deps.lines(path)) reader.take(line);
  } catch (error) {
    broken(0, error instanceof Error ? error.message : "cannot be read");
  }
  reader.end();
}
