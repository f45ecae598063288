// Rows of runs as a table of DuckDB's, which is no part of this tool: loaded where a table is wanted alone. Tried with 1.5.6, whose releases on npm count as pre-releases.

import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { RowTable } from "../src/commands/summary.ts";
import { messageOf, TraceError } from "../src/errors.ts";
import type { OutputFile } from "./output-file.ts";

const PACKAGE = "@duckdb/node-api";

interface DuckDb {
  readonly DuckDBInstance: {
    create(file: string, config: Readonly<Record<string, string>>): Promise<Instance>;
  };
}
interface Instance {
  connect(): Promise<{ run(sql: string): Promise<unknown>; closeSync(): void }>;
  closeSync(): void;
}

/** Asks the network for nothing. */
const CONFIG = { autoinstall_known_extensions: "false", threads: "2" };
const COLUMNS =
  "{started_at: 'TIMESTAMPTZ', machine: 'VARCHAR', version: 'VARCHAR', verdict: 'VARCHAR', cause: 'VARCHAR'}";

/**
 * @param file of .parquet, or a database in which the table is called "runs"
 * @param openOutput of the file
 * @throws TraceError where DuckDB is not installed
 */
export async function openRunTable(
  file: string,
  openOutput: (path: string) => OutputFile,
): Promise<RowTable> {
  const duckDb = await loadDuckDb();
  const folder = mkdtempSync(path.join(os.tmpdir(), "wsl-trace-rows-"));
  const rows = path.join(folder, "rows.ndjson");
  const fd = openSync(rows, "w");
  return {
    // "at" is a word of DuckDB's own.
    add: ({ at, ...row }) => writeSync(fd, `${JSON.stringify({ started_at: at, ...row })}\n`),
    save: async () => {
      const made = path.join(folder, path.basename(file));
      await make(duckDb, rows, made).catch((cause: unknown) => {
        const message = `DuckDB made no table of the runs (${messageOf(cause)}): make room in ${os.tmpdir()}, or set TMPDIR to a folder that has some`;
        throw new TraceError("export-failed", message, { cause });
      });
      const output = openOutput(file);
      output.write(readFileSync(made));
      output.close();
    },
    remove: () => {
      closeSync(fd);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function make({ DuckDBInstance }: DuckDb, rows: string, made: string): Promise<void> {
  const isDatabase = made.endsWith(".duckdb");
  const instance = await DuckDBInstance.create(isDatabase ? made : ":memory:", CONFIG);
  try {
    const connection = await instance.connect();
    const from = `SELECT * FROM read_json(${quoted(rows)}, format = 'newline_delimited', columns = ${COLUMNS}) ORDER BY started_at`;
    await connection.run(
      isDatabase
        ? `CREATE TABLE runs AS ${from}`
        : `COPY (${from}) TO ${quoted(made)} (FORMAT parquet)`,
    );
    connection.closeSync();
  } finally {
    instance.closeSync();
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

async function loadDuckDb(): Promise<DuckDb> {
  try {
    // By a name in a variable: type check and bundle do without the package.
    return await import(PACKAGE);
  } catch (error) {
    throw missing(error);
  }
}

function missing(cause: unknown): TraceError {
  const message = `a table is made by DuckDB, which is not beside wsl-trace: npm install --global ${PACKAGE}, or --json, which needs nothing`;
  return new TraceError("duckdb-missing", message, { cause });
}
