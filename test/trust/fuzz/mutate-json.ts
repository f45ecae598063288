// Changes values of JSON documents, one to a line or one in all, and leaves their syntax whole.

import type { Random } from "./random.ts";

/** A text without any JSON is left as it is. */
export function jsonMutation(input: Buffer, random: Random): Buffer {
  const text = input.toString("utf8");
  const whole = parsed(text);
  if (whole !== undefined) return Buffer.from(changedText(whole, random));
  const lines = text.split("\n");
  for (let n = 1 + random.below(2); n > 0; n -= 1) {
    const at = random.below(lines.length);
    const value = parsed(lines[at] ?? "");
    if (value !== undefined) lines[at] = changedText(value, random);
  }
  return Buffer.from(lines.join("\n"));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const MOST_CHANGES = 3;

function changedText(value: unknown, random: Random): string {
  let changed = value;
  for (let n = 1 + random.below(MOST_CHANGES); n > 0; n -= 1) changed = changedAt(changed, random);
  return JSON.stringify(changed) ?? "";
}

/** Down to some value by chance, and that one is changed. */
function changedAt(value: unknown, random: Random): unknown {
  if (typeof value !== "object" || value === null || random.below(8) === 0) {
    return random.below(3) === 0 ? likeIt(value, random) : random.pick(VALUES);
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return random.pick(VALUES);
  const at = random.below(entries.length);
  const [key, inner] = entries[at] ?? ["", null];
  const how = random.below(12);
  const put: readonly [string, unknown][] =
    how === 0
      ? []
      : how === 1
        ? [
            [key, inner],
            [random.pick(KEYS), inner],
          ]
        : [[key, changedAt(inner, random)]];
  const made = [...entries.slice(0, at), ...put, ...entries.slice(at + 1)];
  if (Array.isArray(value)) return made.map(([, one]) => one);
  // As own properties: JSON may hold a "__proto__".
  return Object.fromEntries(made);
}

function likeIt(value: unknown, random: Random): unknown {
  if (typeof value === "number") return value + random.pick([-1, 1, 0.5, 1e9, -1e9] as const);
  if (typeof value === "boolean") return !value;
  if (typeof value === "string")
    return random.pick([`${value}${value}`, value.slice(1), ` ${value}`, value.toUpperCase()]);
  return [value];
}

const KEYS = ["__proto__", "constructor", "toString", "length", "kind", "value", "0"] as const;
const DEEP = JSON.parse(`${"[".repeat(400)}${"]".repeat(400)}`);
const VALUES: readonly [unknown, ...unknown[]] = [
  null, true, false, 0, -1, 1, 1.5, 1e308, -1e308, 65_536, 4_294_967_296, "", " ", "0", "-1", "true", "NaN", "::", "::1",
  "192.0.2.1", "192.0.2.0/24", "192.0.2.0/99", "fe80::1%12", "\u0000", "\u001b[2J", "\u202e", "\ud800", "x".repeat(3000),
  [], {}, [[]], [null], { value: null }, { value: [1], Count: 1 }, { error: "x" }, DEEP,
]; // biome-ignore format: one to a line would be a page
