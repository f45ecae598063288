// A report as one HTML file: nothing is loaded, nothing runs, and the content security policy in it says so.

import { createHash } from "node:crypto";
import type { Report } from "../../schema/report.ts";
import { redactedKinds } from "../faces/environment.ts";
import type { FaceTexts } from "../faces/texts.ts";
import { chainPictures } from "./chain-svg.ts";
import { chainTable } from "./chain-table.ts";
import { html, Markup } from "./markup.ts";
import { hopTable, sizeLadder, waterfall } from "./measured.ts";
import {
  eventList,
  findingList,
  fixSection,
  openList,
  type Page,
  traceList,
  verdictCard,
} from "./sections.ts";
import { STYLE } from "./style.ts";
import { watchedSection } from "./watched.ts";

/** @param reports one for each target, one below the other */
export function htmlReport(reports: readonly Report[], texts: FaceTexts): string {
  const pages = reports.map((report, n) => ({
    report,
    texts,
    prefix: n === 0 ? "" : `r${n + 1}-`,
  }));
  const [first] = reports;
  const title = `${texts.title}: ${first?.target.input ?? ""}`;
  return `<!doctype html>\n${
    html`<html lang="${texts.language}"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>${title}</title><style>${new Markup(STYLE)}</style></head><body>
<a class="skip" href="#main">${texts.headings.verdict}</a><header><h1>${title}</h1>${pages.map(navigation)}</header>
<main id="main">${pages.map(body)}</main><footer><p>${first === undefined ? null : texts.redaction(redactedKinds(first))} ${texts.replayHint}</p></footer></body></html>`
      .text
  }\n`;
}

const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");
const POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'`;

interface Section {
  readonly id: string;
  readonly title: string;
  readonly content: Markup | null;
}

function sectionsOf(page: Page): readonly Section[] {
  const { report, texts } = page;
  const { headings } = texts;
  const all: readonly Section[] = [
    { id: "verdict", title: headings.verdict, content: verdictCard(page) },
    { id: "fix", title: headings.fix, content: fixSection(page) },
    {
      id: "chain",
      title: headings.chain,
      content: html`${chainPictures(report, texts)}${chainTable(report, texts)}`,
    },
    { id: "trace", title: headings.trace, content: traceList(page) },
    { id: "stages", title: headings.stages, content: waterfall(report, texts) },
    { id: "sizes", title: headings.sizes, content: sizeLadder(page) },
    { id: "hops", title: headings.hops, content: hopTable(report, texts) },
    { id: "watched", title: headings.watched, content: watchedSection(report, texts) },
    { id: "findings", title: headings.findings, content: findingList(page) },
    { id: "open", title: headings.notChecked, content: openList(page) },
    { id: "events", title: headings.events, content: eventList(page) },
  ];
  return all.filter(({ content }) => content !== null && content.text.trim() !== "");
}

function navigation(page: Page): Markup {
  const { prefix, report } = page;
  return html`<nav aria-label="${report.target.input}"><ul>${sectionsOf(page).map(
    ({ id, title }) => html`<li><a href="#${prefix}${id}">${title}</a></li>`,
  )}</ul></nav>`;
}

function body(page: Page): Markup {
  const { prefix } = page;
  return html`${sectionsOf(page).map(
    ({ id, title, content }) =>
      html`<section id="${prefix}${id}" aria-labelledby="${prefix}${id}-title"><h2 id="${prefix}${id}-title">${title}</h2>${content}</section>\n`,
  )}`;
}
