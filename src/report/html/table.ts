// A table that scrolls by itself where a page is narrow, and that a keyboard and a screen reader find.

import { html, type Markup } from "./markup.ts";

/** @param name what it is called by a screen reader */
export function scrollingTable(
  name: string,
  head: readonly string[],
  rows: readonly Markup[],
): Markup {
  const titles = head.map((title) => html`<th scope="col">${title}</th>`);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${name}"><table><thead><tr>${titles}</tr></thead><tbody>${rows}</tbody></table></div>`;
}
