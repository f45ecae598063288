// The file of a host snapshot: its outer shape, and what is wrong when it is not one.

import { messageOf, TraceError } from "../errors.ts";

const HOST_SCHEMA = "wsl-trace.host/1";
const MAKE_NEW = { advice: "give another file, or --host-snapshot none" };

/** The outer shape; sources are read one by one by sources.ts, so that one bad source spoils nothing else. */
export interface HostSnapshot {
  readonly schema: typeof HOST_SCHEMA;
  /** ISO 8601, by the host's clock. */
  readonly collectedAt: string | null;
  /** Whether PowerShell ran as administrator; null when the snapshot does not hold it. */
  readonly elevated: boolean | null;
  /** PowerShell's language mode (about_Language_Modes); null when the snapshot does not hold it. */
  readonly languageMode: string | null;
  readonly sources: Readonly<Record<string, unknown>>;
  readonly [unknownKey: string]: unknown;
}

/**
 * Reads the parsed JSON of a snapshot. Unknown keys are kept, key names may be in any letter case.
 * Throws TraceError "snapshot-shape" or "snapshot-schema"; `what` names the snapshot in its message.
 */
export function parseHostSnapshot(json: unknown, what = "the host snapshot"): HostSnapshot {
  const root = objectOf(Array.isArray(json) && json.length === 1 ? json[0] : json);
  if (root === null) {
    throw new TraceError("snapshot-shape", `${what} is not a JSON object`, MAKE_NEW);
  }
  const known = knownKeys(root);
  checkSchema(known.schema, what);
  const sources = objectOf(known.sources);
  if (sources === null) {
    throw new TraceError("snapshot-shape", `${what} has no "sources" object`, MAKE_NEW);
  }
  return {
    ...known,
    schema: HOST_SCHEMA,
    collectedAt: stringOrNull(known.collectedAt),
    elevated: booleanOrNull(known.elevated),
    languageMode: stringOrNull(known.languageMode),
    sources,
  };
}

/**
 * The same from a file's text. Also throws "snapshot-empty" and "snapshot-not-json". A byte order
 * mark is dropped, and so are the NULs of UTF-16 text that was decoded as something else.
 */
export function parseHostSnapshotText(text: string, fileName: string): HostSnapshot {
  const clean = withoutEncodingMarks(text).trim();
  if (clean === "") {
    throw new TraceError("snapshot-empty", `${fileName} is empty`, MAKE_NEW);
  }
  return parseHostSnapshot(parseJson(clean, fileName), fileName);
}

function parseJson(text: string, fileName: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw notJson(text, fileName, cause);
  }
}

const SHOWN_CHARS = 24;

function notJson(text: string, fileName: string, cause: unknown): TraceError {
  const problem = notJsonProblem(text, fileName, messageOf(cause));
  return new TraceError("snapshot-not-json", problem, { ...MAKE_NEW, cause });
}

function notJsonProblem(text: string, fileName: string, detail: string): string {
  if (endsInTheMiddle(text)) {
    return `${fileName} ends in the middle of its JSON: it was cut off while it was written or copied`;
  }
  if (/^[{[]/.test(text)) return `${fileName} is not valid JSON (${detail})`;
  const start = JSON.stringify(text.slice(0, SHOWN_CHARS));
  return `${fileName} is not JSON, it begins with ${start}`;
}

/** Whether text that begins like JSON stops inside a string or before its closing bracket. */
function endsInTheMiddle(text: string): boolean {
  if (!/^[{[]/.test(text)) return false;
  const outside = text.replace(/"(?:[^"\\]|\\[\s\S])*"/g, "");
  const opened = outside.match(/[{[]/g)?.length ?? 0;
  const closed = outside.match(/[}\]]/g)?.length ?? 0;
  return outside.includes('"') || opened > closed;
}

function withoutEncodingMarks(text: string): string {
  const bare = text.replaceAll("\u0000", "");
  return bare.replace(/^(?:\uFEFF|\uFFFE|\u00FF\u00FE|\u00EF\u00BB\u00BF|\uFFFD{1,3})+/, "");
}

function checkSchema(schema: unknown, what: string): void {
  if (typeof schema === "string" && schema.trim() === HOST_SCHEMA) return;
  const has = schema === undefined ? "no schema" : `schema ${shortJson(schema)}`;
  throw new TraceError(
    "snapshot-schema",
    `${what} has ${has}, this version reads ${HOST_SCHEMA}`,
    MAKE_NEW,
  );
}

const SHOWN_SCHEMA_CHARS = 60;

function shortJson(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? typeof value);
  return text.length > SHOWN_SCHEMA_CHARS ? `${text.slice(0, SHOWN_SCHEMA_CHARS)}...` : text;
}

const KEYS = ["schema", "collectedAt", "elevated", "languageMode", "sources"];

/** The object with our own keys in our own letter case. */
function knownKeys(root: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(root).map(([key, value]) => [
      KEYS.find((known) => known.toLowerCase() === key.trim().toLowerCase()) ?? key,
      value,
    ]),
  );
}

// By hand: every run folds a snapshot, and zod would be loaded for this alone.
function objectOf(value: unknown): Record<string, unknown> | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  return Object.fromEntries(Object.entries(value));
}

function stringOrNull(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : null;
}

function booleanOrNull(value: unknown): boolean | null {
  if (typeof value === "boolean") return value;
  const word = typeof value === "string" ? value.trim().toLowerCase() : value;
  if (word === "true" || word === 1) return true;
  return word === "false" || word === 0 ? false : null;
}
