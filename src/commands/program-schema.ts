// The grammar of `wsl-trace schema`.

import { Argument, type Command } from "commander";
import { SCHEMA_NAMES, type SchemaName } from "../schema/schema-names.ts";

/** Adds the command; `run` gets one of the names. */
export function addSchema(program: Command, run: (name: SchemaName) => Promise<void>): void {
  program
    .command("schema")
    .description("the JSON Schema of a report, an event, a host snapshot or an env report")
    .addArgument(new Argument("<name>").choices(SCHEMA_NAMES))
    .action(run);
}
