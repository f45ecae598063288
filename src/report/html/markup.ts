// HTML out of templates: whatever is put into one is escaped, unless it is markup already.

import { printable } from "../escape.ts";

/** Markup that needs no escaping any more. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = Markup | string | number | null | readonly Part[];

/** A template of HTML or SVG; null is nothing, a list is its parts one after the other. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(
    strings.reduce((text, piece, at) => `${text}${written(parts[at - 1] ?? null)}${piece}`),
  );
}

function written(part: Part): string {
  if (part === null) return "";
  if (part instanceof Markup) return part.text;
  if (typeof part === "string") return escaped(part);
  return typeof part === "number" ? String(part) : part.map(written).join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text from outside: no tag, no attribute, nothing invisible. */
function escaped(text: string): string {
  return printable(text).replace(/[&<>"']/g, (one) => ENTITIES[one] ?? one);
}

/** By whole characters, for labels in a picture. */
export function clipped(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
}
