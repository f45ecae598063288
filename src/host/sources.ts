// One source of a snapshot: rows, "could not be read", or "not collected"; the three never mix.

import type { HostSnapshot } from "../schema/host-snapshot.ts";
import { type Fields, field, fieldsOf, listOf, textOf } from "./values.ts";

export interface NotUnderstood {
  /** The row as it came. */
  readonly row: unknown;
  readonly why: string;
}

export type Source<Row> =
  | {
      readonly state: "rows";
      readonly rows: readonly Row[];
      readonly notUnderstood: readonly NotUnderstood[];
    }
  | { readonly state: "error"; readonly error: string }
  | { readonly state: "not-collected" };

/** Reads one row: the row, or a sentence with what it lacks. */
export type RowReader<Row> = (fields: Fields) => Row | string;

/**
 * The rows of one source, by the key under `sources` (any letter case). A null source counts as not
 * collected: PowerShell writes null for a failed pipeline as well as for an empty one. `{}` is what
 * Windows PowerShell writes for an empty pipeline, so it counts as no rows.
 */
export function readSource<Row>(
  snapshot: HostSnapshot,
  key: string,
  read: RowReader<Row>,
): Source<Row> {
  const raw = rawSource(snapshot, key);
  if (raw === undefined || raw === null) return { state: "not-collected" };
  const items = listOf(raw).filter((item) => !isEmptyObject(item));
  const error = items.length === 1 ? errorOf(items[0]) : null;
  if (error !== null) return { state: "error", error };
  const results = items.map((item) => ({ item, result: readItem(item, read) }));
  return {
    state: "rows",
    rows: results.flatMap(({ result }) => (typeof result === "string" ? [] : [result])),
    notUnderstood: results.flatMap(({ item, result }) =>
      typeof result === "string" ? [{ row: item, why: result }] : [],
    ),
  };
}

/** The source's value as it came, undefined when the snapshot lacks it. */
export function rawSource(snapshot: HostSnapshot, key: string): unknown {
  const wanted = key.toLowerCase();
  const entry = Object.entries(snapshot.sources).find(
    ([name]) => name.trim().toLowerCase() === wanted,
  );
  return entry?.[1];
}

/** The rows, or none when the source was not read: for joins, where what is missing is reported elsewhere. */
export function rowsOf<Row>(source: Source<Row>): readonly Row[] {
  return source.state === "rows" ? source.rows : [];
}

/** A sentence on why a source gives no rows; null when it was read. */
export function whyUnread<Row>(source: Source<Row>, key: string): string | null {
  switch (source.state) {
    case "rows":
      return null;
    case "error":
      return `${key} could not be read: ${source.error}`;
    case "not-collected":
      return `the snapshot does not hold ${key}`;
  }
}

function readItem<Row>(item: unknown, read: RowReader<Row>): Row | string {
  const fields = fieldsOf(item);
  return fields === null ? "it is not an object" : read(fields);
}

// Rows of "resolve" and "reach" have an error of their own beside their question.
const ROW_KEYS = ["name", "address"];

function errorOf(item: unknown): string | null {
  const fields = fieldsOf(item);
  if (!fields?.has("error") || ROW_KEYS.some((key) => fields.has(key))) return null;
  const error = field(fields, "error");
  const inner = fieldsOf(error);
  return textOf(error) ?? (inner && textOf(field(inner, "message"))) ?? "no reason given";
}

function isEmptyObject(item: unknown): boolean {
  return fieldsOf(item)?.size === 0;
}
