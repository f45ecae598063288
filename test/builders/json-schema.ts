// What is published, as an independent validator reads it.

import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { jsonSchema } from "../../src/schema/published.ts";
import type { SchemaName } from "../../src/schema/schema-names.ts";

/** Strict: a schema with a word that says nothing is none. */
export function validatorOf(name: SchemaName): ValidateFunction {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  return ajv.compile(JSON.parse(jsonSchema(name)));
}

/** What is wrong with a value, for people; empty where it is right. */
export function complaints(validate: ValidateFunction, value: unknown): readonly string[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}
