// Text from outside in Markdown, in HTML inside it, and in Mermaid: it stays text, whatever it holds.

import { printable } from "../escape.ts";

/**
 * Characters that GitHub Flavored Markdown reads as something: emphasis, code, links, HTML, tables, strike-through, mathematics,
 * mentions, issue numbers. As entities, which are text to every renderer.
 */
const SPECIAL =
  /[\\`*[\]<>|~$&@#]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|(?<=\w):(?=\/\/)|(?<=^www)\./giu;

/** @param most characters of the text; a longer one is cut, and ends with an ellipsis */
export function markdownText(text: string, most = Number.POSITIVE_INFINITY): string {
  return clipped(printable(text), most).replace(SPECIAL, (one) => `&#${one.codePointAt(0)};`);
}

/** Inline code: a fence longer than any that the text holds. */
export function markdownCode(text: string, most = Number.POSITIVE_INFINITY): string {
  const safe = clipped(printable(text), most);
  const fence = "`".repeat(longestRun(safe) + 1);
  const pad = safe.startsWith("`") || safe.endsWith("`") || safe.trim() === "" ? " " : "";
  return `${fence}${pad}${safe}${pad}${fence}`;
}

const SHORTEST_FENCE = 3;

/** A block of lines that are shown as they are. */
export function markdownBlock(lines: readonly string[], language = "text"): readonly string[] {
  const safe = lines.map(printable);
  const runs = safe.map(longestRun);
  const fence = "`".repeat(Math.max(SHORTEST_FENCE, Math.max(0, ...runs) + 1));
  return [`${fence}${language}`, ...safe, fence];
}

/** In a quoted label of Mermaid: its own codes for everything but letters, digits and harmless punctuation. */
export function mermaidText(text: string, most: number): string {
  return clipped(printable(text), most).replace(
    /[^\p{L}\p{N} .,:/_-]/gu,
    (one) => `#${one.codePointAt(0)};`,
  );
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}

/** By whole characters. */
function clipped(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${[...text].slice(0, Math.max(0, most - 1)).join("")}…`;
}
