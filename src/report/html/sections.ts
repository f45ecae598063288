// The sections of a report in HTML that hold words: verdict, fix, the numbered trace, findings, events.

import type { Report } from "../../schema/report.ts";
import type { TraceConclusion, TraceStep } from "../../schema/trace-step.ts";
import type { Finding, Fix } from "../../schema/verdict.ts";
import { milliseconds } from "../duration.ts";
import { environmentOf } from "../faces/environment.ts";
import { sizeRungs } from "../faces/measured.ts";
import type { FaceTexts } from "../faces/texts.ts";
import { lastingOf } from "../words/lasts.ts";
import { html, type Markup } from "./markup.ts";
import { RESULT_TONES, VERDICT_TONES } from "./tone.ts";

/** A report, its language, and what its anchors begin with: several reports may share a page. */
export interface Page {
  readonly report: Report;
  readonly texts: FaceTexts;
  readonly prefix: string;
}

export function verdictCard({ report, texts }: Page): Markup {
  const { labels, verdicts } = texts;
  const conclusion = report.trace.at(-1)?.conclusion ?? null;
  const { name, sign } = VERDICT_TONES[report.verdict];
  const say =
    report.verdict === "inconclusive" ? report.reason : (conclusion?.title ?? report.reason);
  const { input, address, port } = report.target;
  const towards = conclusion?.direction ?? null;
  const ways =
    towards === "both"
      ? `${labels.outbound}, ${labels.inbound}`
      : towards === null
        ? null
        : labels[towards];
  const others = report.findings.filter(({ cause }) => cause !== conclusion?.cause);
  const root = report.findings.find(({ cause }) => cause === conclusion?.cause);
  return html`<div class="verdict ${name}"><span class="badge ${name}">${sign} ${verdicts[report.verdict]}</span><p class="say">${say}</p><dl>
${conclusion?.cause == null ? null : [pair(labels.cause, html`<code>${conclusion.cause}</code>`), pair(labels.place, conclusion.place), root === undefined ? html`` : pair(labels.detail, root.summary), ways === null ? html`` : pair(labels.direction, ways), pair(labels.confidence, conclusion.confidence?.toFixed(2) ?? "")]}
${others.length === 0 ? null : pair(labels.also, html`${others.map(({ cause, severity }) => html`<code>${cause}</code> (${texts.severities[severity]}) `)}`)}
${pair(labels.target, `${input} (${address ?? labels.none}, ${port})`)}${pair(labels.vantage, `${environmentOf(report).wslKind}, ${report.vantage.kernel}`)}
${pair(labels.startedAt, `${report.startedAt}, ${report.packetsSent} ${labels.packets}`)}</dl></div>`;
}

function pair(label: string, value: string | Markup): Markup {
  return html`<dt>${label}</dt><dd>${value}</dd>`;
}

export function fixSection({ report, texts }: Page): Markup | null {
  const conclusion = report.trace.at(-1)?.conclusion ?? null;
  if (conclusion?.cause == null) return null;
  const { labels } = texts;
  const { fix, checks } = conclusion;
  const rows = checks.map(
    ({ command, now, afterwards }) =>
      html`<pre><code>${command}</code></pre><dl>${pair(labels.now, now)}${pair(labels.afterwards, afterwards)}</dl>`,
  );
  return html`<div class="columns"><div>${fix === null ? mendedByBlock(conclusion, labels.none) : fixBlock(fix, texts)}</div><div><h3>${labels.check}</h3>${rows}</div></div>`;
}

function mendedByBlock({ mendedBy, send }: TraceConclusion, none: string): Markup {
  const command = send === undefined ? [] : [html`<pre><code>${send}</code></pre>`];
  return html`<p>${mendedBy ?? none}</p>${command}`;
}

function fixBlock(fix: Fix, texts: FaceTexts): Markup {
  const { title, where, commands } = fix;
  return html`<h3>${title}</h3><p>${texts.shells[where]}; ${texts.lasts[lastingOf(fix)]}</p><pre><code>${commands.join("\n")}</code></pre>`;
}

export function traceList(page: Page): Markup {
  return html`<ol class="trace">${page.report.trace.map((step) => traceItem(step, page))}</ol>`;
}

function traceItem(step: TraceStep, page: Page): Markup {
  const { labels, steps, results } = page.texts;
  const { name, sign } = RESULT_TONES[step.result];
  const at = step.segment === null ? "" : ` · ${step.segment}`;
  return html`<li class="${name}"><h3>${step.step}. ${steps[step.kind]}${at} <span class="badge ${name}">${sign} ${results[step.result]}</span></h3><dl>
${pair(labels.tried, step.tried)}${pair(labels.cameBack, step.cameBack)}${pair(labels.proves, step.proves)}
${step.rulesOut.map(({ cause, because }) => pair(labels.rulesOut, html`<code>${cause}</code>: ${because}`))}
${pair(labels.evidence, idLinks(step.evidence, page))}</dl></li>`;
}

/** Each leads to its event below. */
export function idLinks(ids: readonly string[], { prefix }: Page): Markup {
  return html`<span class="ids">${ids.map((id) => html`<a href="#${prefix}${id}">${id}</a>`)}</span>`;
}

export function findingList(page: Page): Markup {
  return html`${page.report.findings.map((finding) => findingItem(finding, page))}`;
}

function findingItem(finding: Finding, { texts }: Page): Markup {
  const { cause, severity, summary, fixes } = finding;
  return html`<details><summary><code>${cause}</code> (${texts.severities[severity]})</summary><p>${summary}</p>${fixes.map((fix) => fixBlock(fix, texts))}</details>`;
}

export function openList({ report, texts }: Page): Markup {
  const { headings } = texts;
  const missing = report.vantage.ladder.filter(({ available }) => !available);
  return html`${report.notChecked.length === 0 ? null : html`<details><summary>${headings.notChecked} (${report.notChecked.length})</summary><dl>${report.notChecked.map(({ cause, reason }) => pair(cause, reason))}</dl></details>`}
${missing.length === 0 ? null : html`<details><summary>${headings.notObservable} (${missing.length})</summary><dl>${missing.map(({ rung, reason, enable }) => pair(rung, `${reason ?? ""}${enable === null ? "" : ` $ ${enable}`}`))}</dl></details>`}`;
}

const EVENT_LENGTH = 4000;

/** Those that a step of the trace or a size names. */
function listedEvents(report: Report): Report["events"] {
  const named = new Set([
    ...report.trace.flatMap(({ evidence }) => evidence),
    ...(["outbound", "inbound"] as const).flatMap((way) =>
      sizeRungs(report, way).map(({ evidence }) => evidence),
    ),
  ]);
  return report.events.filter(({ id }) => named.has(id));
}

/** A link to what is inside a closed one opens it, without a script. */
export function eventList({ report, prefix }: Page): Markup {
  return html`${listedEvents(report).map(({ id, atMs, ...event }) => {
    const text = JSON.stringify(event, null, 1);
    const shown = text.length <= EVENT_LENGTH ? text : `${text.slice(0, EVENT_LENGTH)}…`;
    return html`<details><summary>${id} · ${milliseconds(atMs)} · ${event.kind}</summary><pre id="${prefix}${id}">${lines(shown)}</pre></details>`;
  })}`;
}

/** What is printable has no line ends of its own. */
function lines(text: string): Markup {
  return html`${text.split("\n").map((line, at) => html`${at === 0 ? "" : NEW_LINE}${line}`)}`;
}

const NEW_LINE = html`
`;
