// Follows a schema through a value, and replaces each text by what it holds.

import * as z from "zod";
import { hostKind } from "../../schema/host-kinds.ts";
import { kindOf, type TextKind } from "../../schema/text-kinds.ts";
import type { Replace } from "./values.ts";

/** The value with its texts replaced; numbers, enums and literals stay. */
export function walk(schema: unknown, value: unknown, replace: Replace): unknown {
  const part = partOf(schema);
  switch (part.is) {
    case "wrapper":
      return walk(part.inner, value, replace);
    case "constant":
      return value;
    case "union":
      return walk(optionFor(part.union, value), value, replace);
    case "both":
      return walk(part.right, walk(part.left, value, replace), replace);
    case "snapshot":
      return walkSnapshot(value, replace);
    default:
      return walkPlain(part, value, replace);
  }
}

function walkPlain(part: PlainPart, value: unknown, replace: Replace): unknown {
  if (typeof value === "string") return replace(part.kind, value);
  if (typeof value !== "object" || value === null) return value;
  if (!Array.isArray(value)) return walkObject(part.schema, value, replace);
  return value.map((item) => walk(part.element, item, replace));
}

interface PlainPart {
  readonly is: "plain";
  readonly schema: unknown;
  /** What a text of it holds. */
  readonly kind: Exclude<TextKind, "snapshot">;
  /** Of a list; undefined of everything else. */
  readonly element: unknown;
}

/** What a schema is to who follows it. */
type Part =
  | PlainPart
  | { readonly is: "constant" | "snapshot" }
  | { readonly is: "wrapper"; readonly inner: unknown }
  | { readonly is: "union"; readonly union: z.ZodUnion }
  | { readonly is: "both"; readonly left: unknown; readonly right: unknown };

/** Each schema is looked at once: what kind it is costs more to find out than to follow, and a run has hundreds of events of a few kinds. */
const parts = new WeakMap<z.ZodType, Part>();

function partOf(schema: unknown): Part {
  if (!(schema instanceof z.ZodType)) {
    return { is: "plain", schema, kind: "text", element: undefined };
  }
  const known = parts.get(schema);
  if (known !== undefined) return known;
  const part = readPart(schema);
  parts.set(schema, part);
  return part;
}

function readPart(schema: z.ZodType): Part {
  if (isWrapper(schema)) return { is: "wrapper", inner: schema.def.innerType };
  if (schema instanceof z.ZodLiteral || schema instanceof z.ZodEnum) return { is: "constant" };
  if (schema instanceof z.ZodUnion) return { is: "union", union: schema };
  if (schema instanceof z.ZodIntersection) {
    return { is: "both", left: schema.def.left, right: schema.def.right };
  }
  const kind = kindOf(schema);
  if (kind === "snapshot") return { is: "snapshot" };
  const element = schema instanceof z.ZodArray ? schema.element : undefined;
  return { is: "plain", schema, kind, element };
}

function walkObject(schema: unknown, value: object, replace: Replace): unknown {
  if (schema instanceof z.ZodObject) return walkFields(fieldsOf(schema), value, replace);
  const inner = schema instanceof z.ZodRecord ? schema.valueType : undefined;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [replace("text", key), walk(inner, one, replace)]),
  );
}

function walkFields(fields: ReadonlyMap<string, unknown>, value: object, replace: Replace) {
  const walked: [string, unknown][] = [];
  // In the schema's order, in which a recording has them: pseudonyms are numbered by first appearance, live as in a replay.
  for (const [key, schema] of fields) {
    if (Object.hasOwn(value, key)) {
      walked.push([key, walk(schema, Reflect.get(value, key), replace)]);
    }
  }
  // What the schema does not name is no part of a recording, unless the other side of an intersection names it.
  for (const key of Object.keys(value)) {
    if (!fields.has(key)) walked.push([key, Reflect.get(value, key)]);
  }
  return Object.fromEntries(walked);
}

/** Each schema is asked once for its fields. */
const shapes = new WeakMap<z.ZodObject, ReadonlyMap<string, unknown>>();

function fieldsOf(schema: z.ZodObject): ReadonlyMap<string, unknown> {
  const known = shapes.get(schema);
  if (known !== undefined) return known;
  const fields = new Map<string, unknown>(Object.entries(schema.shape));
  shapes.set(schema, fields);
  return fields;
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
  const named = optionsByName(schema);
  if (named !== null && schema instanceof z.ZodDiscriminatedUnion) {
    return named.get(fieldOf(value, schema.def.discriminator));
  }
  return schema.options.find((option) =>
    option instanceof z.ZodObject && schema instanceof z.ZodDiscriminatedUnion
      ? z.safeParse(
          option.shape[schema.def.discriminator],
          fieldOf(value, schema.def.discriminator),
        ).success
      : z.safeParse(option, value).success,
  );
}

const byName = new WeakMap<z.ZodUnion, ReadonlyMap<unknown, unknown> | null>();

/** Options by what their discriminator is; null where one of them is no object, or its discriminator no literal. */
function optionsByName(schema: z.ZodUnion): ReadonlyMap<unknown, unknown> | null {
  const known = byName.get(schema);
  if (known !== undefined) return known;
  const options = readOptions(schema);
  byName.set(schema, options);
  return options;
}

function readOptions(schema: z.ZodUnion): ReadonlyMap<unknown, unknown> | null {
  const options = new Map<unknown, unknown>();
  for (const option of schema.options) {
    if (!(schema instanceof z.ZodDiscriminatedUnion) || !(option instanceof z.ZodObject))
      return null;
    const name = option.shape[schema.def.discriminator];
    if (!(name instanceof z.ZodLiteral)) return null;
    for (const value of name.values) if (!options.has(value)) options.set(value, option);
  }
  return options;
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
