// The schemas that are published, as JSON Schema (draft 2020-12) made from those that the program itself reads and writes by.

import * as z from "zod";
import { envReport } from "./env-report.ts";
import { probeEvent } from "./event.ts";
import type { HostSnapshot } from "./host-snapshot.ts";
import { report } from "./report.ts";
import type { SchemaName } from "./schema-names.ts";

// Written again: to share it would cost every run a file of the bundle.
const HOST_SCHEMA: HostSnapshot["schema"] = "wsl-trace.host/1";

/** A snapshot as the collector writes it; one that was made by hand may leave out whatever it lacks. */
const hostSnapshot = z.object({
  schema: z.literal(HOST_SCHEMA),
  collectedAt: z.string().nullish(),
  elevated: z.boolean().nullish(),
  languageMode: z.string().nullish(),
  /** Rows are whatever PowerShell wrote: each is read by itself. */
  sources: z.record(z.string(), z.unknown()),
});

interface Published {
  readonly schema: z.ZodType;
  readonly title: string;
  readonly description: string;
  /** "input": what earlier versions left out may be absent. */
  readonly io: "input" | "output";
}

const OPEN = "Skip properties that you do not know: a later version may add some.";

const PUBLISHED: Readonly<Record<SchemaName, Published>> = {
  report: {
    schema: report,
    title: "wsl-trace report",
    description: `What path, mtu, dns and replay print with --json. ${OPEN}`,
    io: "output",
  },
  event: {
    schema: probeEvent,
    title: "wsl-trace event",
    description: `A line of a recording behind its first, and an item of a report's events. ${OPEN}`,
    io: "input",
  },
  host: {
    schema: hostSnapshot,
    title: "wsl-trace host snapshot",
    description: `What Windows reports: host --json, and the file of --host-snapshot. ${OPEN}`,
    io: "input",
  },
  env: {
    schema: envReport,
    title: "wsl-trace env report",
    description: `What env prints with --json. ${OPEN}`,
    io: "output",
  },
};

/** The version in wsl-trace.report/1, .recording/1, .host/1 and .env/1. */
const VERSION = 1;

/** Two-space JSON with a newline at its end; its $id stays as long as the version does. */
export function jsonSchema(name: SchemaName): string {
  const { schema, title, description, io } = PUBLISHED[name];
  const made = z.toJSONSchema(schema, { io, override: ({ jsonSchema }) => open(jsonSchema) });
  const { $schema, ...rest } = made;
  const $id = `urn:wsl-trace:schema:${name}:${VERSION}`;
  return `${JSON.stringify({ $schema, $id, title, description, ...rest }, null, 2)}\n`;
}

/** Takes out what forbids a later version's properties, and what follows from JavaScript and TypeScript alone. */
function open(schema: z.core.JSONSchema.BaseSchema): void {
  if (schema.additionalProperties === false) delete schema.additionalProperties;
  delete schema.readOnly;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
}
