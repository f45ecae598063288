// Writes docs/schema anew: the published schemas, as `wsl-trace schema` prints them. Run by tsx.

import { mkdirSync, writeFileSync } from "node:fs";
import { jsonSchema } from "../src/schema/published.ts";
import { SCHEMA_NAMES } from "../src/schema/schema-names.ts";

const folder = new URL("../docs/schema/", import.meta.url);
mkdirSync(folder, { recursive: true });
for (const name of SCHEMA_NAMES) {
  writeFileSync(new URL(`${name}.json`, folder), jsonSchema(name));
}
