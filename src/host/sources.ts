// One source of a snapshot: rows, "could not be read", or "not collected"; the three never mix.

import type { HostSnapshot } from "../schema/host-snapshot.ts";
import { type Fields, field, fieldsOf, listOf, textOf } from "./values.ts";

export interface NotUnderstood {
  /** The row as it came. */
  readonly row: unknown;
  readonly why: string;
}

/** `name` is the source's key in the snapshot: a cmdlet, or a word such as "resolve". */
export type Source<Row> =
  | {
      readonly name: string;
      readonly state: "rows";
      readonly rows: readonly Row[];
      readonly notUnderstood: readonly NotUnderstood[];
    }
  | { readonly name: string; readonly state: "error"; readonly error: string }
  | { readonly name: string; readonly state: "not-collected" };

/** Reads one row: the row, or a sentence with what it lacks. */
export type RowReader<Row> = (fields: Fields) => Row | string;

/** A source that is one text. */
export interface TextRow {
  readonly text: string;
}

/**
 * The rows of one source, by the key under `sources` (any letter case). A null source counts as not
 * collected: PowerShell writes null for a failed pipeline as well as for an empty one. `{}` is what
 * Windows PowerShell writes for an empty pipeline, so it counts as no rows.
 */
export function readSource<Row>(
  snapshot: HostSnapshot,
  name: string,
  read: RowReader<Row>,
): Source<Row> {
  return readItems(snapshot, name, (item) => {
    const fields = fieldsOf(item);
    return fields === null ? "it is not an object" : read(fields);
  });
}

/** The same for a source that is text and has no properties. */
export function readTextSource(snapshot: HostSnapshot, name: string): Source<TextRow> {
  return readItems(snapshot, name, (item) =>
    typeof item === "string" ? { text: item } : "it is not text",
  );
}

/** The sources that have none of these names, with their rows unread. */
export function otherSources(
  snapshot: HostSnapshot,
  names: readonly string[],
): readonly Source<null>[] {
  const known = new Set(names.map(folded));
  return Object.keys(snapshot.sources)
    .filter((name) => !known.has(folded(name)))
    .map((name) => readSource(snapshot, name, () => null));
}

/** The rows, or none when the source was not read: for joins, where what is missing is reported elsewhere. */
export function rowsOf<Row>(source: Source<Row>): readonly Row[] {
  return source.state === "rows" ? source.rows : [];
}

/** A sentence on why a source gives no rows; null when it was read. */
export function whyUnread<Row>(
  source: Source<Row>,
  name: string = formatName(source.name),
): string | null {
  switch (source.state) {
    case "rows":
      return null;
    case "error":
      return `${name} could not be read: ${source.error}`;
    case "not-collected":
      return `the snapshot does not hold ${name}`;
  }
}

function readItems<Row>(
  snapshot: HostSnapshot,
  name: string,
  read: (item: unknown) => Row | string,
): Source<Row> {
  const raw = rawSource(snapshot, name);
  if (raw === undefined || raw === null) return { name, state: "not-collected" };
  const items = listOf(raw).filter((item) => !isEmptyObject(item));
  const error = items.length === 1 ? errorOf(items[0]) : null;
  if (error !== null) return { name, state: "error", error };
  const results = items.map((item) => ({ item, result: read(item) }));
  return {
    name,
    state: "rows",
    rows: results.flatMap(({ result }) => (typeof result === "string" ? [] : [result])),
    notUnderstood: results.flatMap(({ item, result }) =>
      typeof result === "string" ? [{ row: item, why: result }] : [],
    ),
  };
}

/** The source's value as it came, undefined when the snapshot lacks it. */
function rawSource(snapshot: HostSnapshot, name: string): unknown {
  const entry = Object.entries(snapshot.sources).find(([key]) => folded(key) === folded(name));
  return entry?.[1];
}

function folded(name: string): string {
  return name.trim().toLowerCase();
}

/** A cmdlet as it is, a key of our own in quotation marks. */
function formatName(name: string): string {
  return name.includes("-") ? name : `"${name}"`;
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
