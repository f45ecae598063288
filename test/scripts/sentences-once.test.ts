// A sentence for people stands once in the sources: what two places say alike, one of them has from the other.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseSync } from "oxc-parser";
import { expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
// The lab's scenarios are told by their symptoms, which are alike; the kernel bindings are a package of their own.
const OTHERS = /^probes\/(lab|ebpf-ts-bindings)\//;
const LEAST_WORDS = 5;

it("no text of five words or more is written twice", () => {
  const files = ["src", "ui", "probes"]
    .flatMap((folder) =>
      readdirSync(`${ROOT}/${folder}`, { recursive: true, encoding: "utf8" }).map(
        (file) => `${folder}/${file}`,
      ),
    )
    .filter((file) => /\.tsx?$/.test(file) && !OTHERS.test(file));
  const places = new Map<string, string[]>();
  for (const file of files) {
    for (const text of textsIn(file)) places.set(text, [...(places.get(text) ?? []), file]);
  }
  const twice = [...places].filter(([, where]) => where.length > 1);
  expect(Object.fromEntries(twice)).toEqual({});
  expect(places.size).toBeGreaterThan(1000);
});

/** Strings, templates with their values left out, and text between tags. */
function textsIn(file: string): string[] {
  const found: string[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    const text = textOf(node);
    if (text !== null && isSentence(text)) found.push(text.replaceAll(/\s+/g, " ").trim());
    for (const child of Object.values(node)) visit(child);
  };
  visit(parseSync(file, readFileSync(`${ROOT}/${file}`, "utf8")).program);
  return found;
}

function textOf(node: object): string | null {
  const { type, value, quasis }: Partial<Record<string, unknown>> = { ...node };
  if ((type === "Literal" || type === "JSXText") && typeof value === "string") return value;
  if (type !== "TemplateLiteral" || !Array.isArray(quasis)) return null;
  return quasis.map(({ value: { cooked } }) => cooked).join("{}");
}

/** Five words, and no C signature, no row of blanks, no command. */
function isSentence(text: string): boolean {
  const words = text.trim().split(/\s+/);
  return (
    words.length >= LEAST_WORDS && /\p{Letter}{4}/u.test(text) && !/^sudo |[;{]\s|\*/.test(text)
  );
}
