// The grammar of `wsl-trace summary`.

import { type Command, InvalidArgumentError } from "commander";
import type { SummaryRequest } from "./summary.ts";

interface SummaryFlags {
  readonly json?: true;
  readonly export?: string;
}

/** Adds the command; `run` gets its options, read and checked. */
export function addSummary(
  program: Command,
  run: (request: SummaryRequest) => Promise<void>,
): void {
  program
    .command("summary <path...>")
    .description("many runs, in files or folders, counted: verdicts, causes, since when, by day")
    .option("--json", "as JSON")
    .option("--export <file>", "a row for each run, by DuckDB: .parquet or .duckdb", readTable)
    .addHelpText("after", HELP)
    .action((paths: readonly string[], flags: SummaryFlags) =>
      run({ paths, json: flags.json === true, exportFile: flags.export ?? null }),
    );
}

const HELP = `
A path is a recording, reports in JSON, the journal of a watch, or a folder of them. What cannot be read is counted and named.
Machines are told apart by their folders: all/laptop-1/*.ndjson, all/laptop-2/*.ndjson.

Examples:
  wsl-trace summary ~/.local/state/wsl-trace
  wsl-trace summary all --export runs.parquet
`;

function readTable(file: string): string {
  if (/\.(?:parquet|duckdb)$/.test(file)) return file;
  throw new InvalidArgumentError("Give a file of .parquet or .duckdb.");
}
