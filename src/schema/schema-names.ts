// What has a JSON Schema, by the name that `wsl-trace schema` takes and docs/schema has its file under.

export const SCHEMA_NAMES = ["report", "event", "host", "env"] as const;
export type SchemaName = (typeof SCHEMA_NAMES)[number];
