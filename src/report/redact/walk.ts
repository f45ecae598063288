// Follows a schema through a value, and replaces each text by what it holds.

import * as z from "zod";
import { hostKind } from "../../schema/host-kinds.ts";
import { kindOf } from "../../schema/text-kinds.ts";
import type { Replace } from "./values.ts";

/** The value with its texts replaced; numbers, enums and literals stay. */
export function walk(schema: unknown, value: unknown, replace: Replace): unknown {
  if (isWrapper(schema)) return walk(schema.def.innerType, value, replace);
  if (schema instanceof z.ZodLiteral || schema instanceof z.ZodEnum) return value;
  if (schema instanceof z.ZodUnion) return walk(optionFor(schema, value), value, replace);
  if (schema instanceof z.ZodIntersection) {
    return walk(schema.def.right, walk(schema.def.left, value, replace), replace);
  }
  const kind = schema instanceof z.ZodType ? kindOf(schema) : "text";
  if (kind === "snapshot") return walkSnapshot(value, replace);
  if (typeof value === "string") return replace(kind, value);
  if (typeof value !== "object" || value === null) return value;
  if (!Array.isArray(value)) return walkObject(schema, value, replace);
  const element = schema instanceof z.ZodArray ? schema.element : undefined;
  return value.map((item) => walk(element, item, replace));
}

function walkObject(schema: unknown, value: object, replace: Replace): unknown {
  if (schema instanceof z.ZodObject) {
    const shape: Readonly<Record<string, unknown>> = schema.shape;
    // In the schema's order, in which a recording has them: pseudonyms are numbered by first appearance, live as in a replay.
    const named = Object.keys(shape).filter((key) => Object.hasOwn(value, key));
    // What the schema does not name is no part of a recording, unless the other side of an intersection names it.
    const others = Object.entries(value).filter(([key]) => !Object.hasOwn(shape, key));
    return Object.fromEntries([
      ...named.map((key) => [key, walk(shape[key], Reflect.get(value, key), replace)]),
      ...others,
    ]);
  }
  const inner = schema instanceof z.ZodRecord ? schema.valueType : undefined;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [replace("text", key), walk(inner, one, replace)]),
  );
}

function isWrapper(
  schema: unknown,
): schema is z.ZodNullable | z.ZodOptional | z.ZodDefault | z.ZodReadonly {
  return (
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodReadonly
  );
}

/** The option that the value is of: by its discriminator, else the first that takes it. */
function optionFor(schema: z.ZodUnion, value: unknown): unknown {
  return schema.options.find((option) =>
    option instanceof z.ZodObject && schema instanceof z.ZodDiscriminatedUnion
      ? z.safeParse(
          option.shape[schema.def.discriminator],
          fieldOf(value, schema.def.discriminator),
        ).success
      : z.safeParse(option, value).success,
  );
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}

/** Every text of a snapshot's JSON, its keys too. */
function walkSnapshot(value: unknown, replace: Replace): unknown {
  const inside = (one: unknown, source: string, property: string): unknown => {
    if (typeof one === "string") return replace(hostKind(source, property), one);
    if (Array.isArray(one)) return one.map((item) => inside(item, source, property));
    if (typeof one !== "object" || one === null) return one;
    return Object.fromEntries(
      Object.entries(one).map(([key, item]) => [
        replace("text", key),
        // Windows PowerShell wraps lists: {"value": [...], "Count": 2}.
        inside(item, source, key.toLowerCase() === "value" ? property : key),
      ]),
    );
  };
  const entry = ([key, one]: readonly [string, unknown]): readonly [string, unknown] => {
    const isSources = key.trim().toLowerCase() === "sources";
    return [replace("text", key), isSources ? eachSource(one) : inside(one, "", key)];
  };
  const eachSource = (sources: unknown): unknown =>
    typeof sources === "object" && sources !== null && !Array.isArray(sources)
      ? Object.fromEntries(
          Object.entries(sources).map(([source, rows]) => [
            replace("text", source),
            inside(rows, source, ""),
          ]),
        )
      : inside(sources, "", "");
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).map(entry))
    : inside(value, "", "");
}
