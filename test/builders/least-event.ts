// The least value that a schema takes, such as an event of each kind that no recording holds.

import * as z from "zod";

/** Each text is `text` where the schema leaves it open; a list has one item, what may be missing is there. */
export function leastOf(schema: unknown, text: string): unknown {
  if (schema instanceof z.ZodLiteral) return [...schema.values][0];
  if (schema instanceof z.ZodEnum) return schema.options[0];
  if (schema instanceof z.ZodUnion) return leastOf(schema.options[0], text);
  if (schema instanceof z.ZodArray) return [leastOf(schema.element, text)];
  if (schema instanceof z.ZodTuple) return schema.def.items.map((item) => leastOf(item, text));
  if (schema instanceof z.ZodRecord) return { [text]: leastOf(schema.valueType, text) };
  if (schema instanceof z.ZodNumber) return 1;
  if (schema instanceof z.ZodBoolean) return true;
  if (schema instanceof z.ZodString)
    return [text, "e1"].find((one) => z.safeParse(schema, one).success);
  if (schema instanceof z.ZodObject) {
    const shape: Readonly<Record<string, unknown>> = schema.shape;
    return Object.fromEntries(Object.entries(shape).map(([key, one]) => [key, leastOf(one, text)]));
  }
  if (
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodReadonly
  )
    return leastOf(schema.def.innerType, text);
  return null;
}
