// Stages as a waterfall, sizes as a ladder, hops with round-trip time and loss: each a table whose bars are pictures.

import type { Report } from "../../schema/report.ts";
import { milliseconds } from "../duration.ts";
import { type HopRow, hopRows, type Rung, sizeRungs } from "../faces/measured.ts";
import type { FaceTexts } from "../faces/texts.ts";
import { html, type Markup } from "./markup.ts";
import { idLinks, type Page } from "./sections.ts";
import { STAGE_TONES, type Tone } from "./tone.ts";

const BAR = 220;
const BAR_HEIGHT = 14;

/** Each stage begins where the one before it ended. */
export function waterfall({ stages }: Report, texts: FaceTexts): Markup {
  const { labels, headings, stageStatuses } = texts;
  const total = stages.reduce((sum, { ms }) => sum + (ms ?? 0), 0);
  let begun = 0;
  const rows = stages.map(({ stage, status, ms, detail }) => {
    const { name, sign } = STAGE_TONES[status];
    const from = begun;
    begun += ms ?? 0;
    return html`<tr><th scope="row">${stage}</th><td><span class="badge ${name}">${sign} ${stageStatuses[status]}</span></td>
<td class="number">${milliseconds(ms)}</td><td>${ms === null ? "" : bar(from, ms, total, name)}</td><td>${detail}</td></tr>`;
  });
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${headings.stages}: ${labels.table}"><table><thead><tr><th scope="col">${labels.stage}</th><th scope="col">${labels.status}</th>
<th scope="col">${labels.took}</th><th scope="col">0 – ${total.toFixed(0)} ms</th><th scope="col">${labels.detail}</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function bar(from: number, length: number, total: number, tone: Tone["name"]): Markup {
  const scale = total > 0 ? BAR / total : 0;
  const width = Math.max(2, length * scale);
  const x = Math.min(from * scale, BAR - width);
  return html`<svg width="${BAR}" height="${BAR_HEIGHT}" viewBox="0 0 ${BAR} ${BAR_HEIGHT}" aria-hidden="true"><rect class="track" width="${BAR}" height="${BAR_HEIGHT}" rx="3"/><rect class="bar ${tone}" x="${x.toFixed(1)}" width="${width.toFixed(1)}" height="${BAR_HEIGHT}" rx="3"/></svg>`;
}

/** The sizes that were tried, the largest first, in each direction. */
export function sizeLadder(page: Page): Markup {
  const { report, texts } = page;
  const ways = (["outbound", "inbound"] as const).map((way) => {
    const rungs = sizeRungs(report, way);
    return html`<div><h3>${texts.labels[way]}</h3><p>${texts.bytes(report.pmtu[way])}</p>${rungs.length === 0 ? null : ladder(rungs, page)}</div>`;
  });
  return html`<div class="columns">${ways}</div>`;
}

function ladder(rungs: readonly Rung[], page: Page): Markup {
  const { texts } = page;
  const largest = Math.max(...rungs.map(({ bytes }) => bytes));
  const rows = rungs.map(({ bytes, result, evidence }) => {
    const { tone, sign } = RUNGS[result];
    return html`<tr><td class="number">${bytes}</td><td>${bar(0, bytes, largest, tone)}</td>
<td class="${tone}">${sign} ${texts.rungs[result]}</td><td>${idLinks([evidence], page)}</td></tr>`;
  });
  const { labels } = texts;
  return html`<table><thead><tr><th scope="col">${labels.bytes}</th><th scope="col">0 – ${largest}</th><th scope="col">${labels.status}</th><th scope="col">${labels.evidence}</th></tr></thead><tbody>${rows}</tbody></table>`;
}

const RUNGS = {
  passed: { tone: "good", sign: "✓" },
  told: { tone: "told", sign: "!" },
  lost: { tone: "bad", sign: "✖" },
} as const satisfies Record<Rung["result"], { tone: Tone["name"]; sign: string }>;

export function hopTable(report: Report, texts: FaceTexts): Markup | null {
  const rows = hopRows(report);
  if (rows.length === 0) return null;
  const slowest = Math.max(...rows.map(({ rttMs }) => rttMs ?? 0));
  const { labels, headings } = texts;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${headings.hops}: ${labels.table}"><table><thead><tr><th scope="col">${labels.ttl}</th><th scope="col">${labels.address}</th><th scope="col">${labels.name}</th>
<th scope="col">${labels.rtt}</th><th scope="col">0 – ${slowest.toFixed(1)} ms</th><th scope="col">${labels.loss}</th></tr></thead><tbody>${rows.map((row) => hopRow(row, slowest))}</tbody></table></div>`;
}

function hopRow({ ttl, address, name, rttMs, sent, answered }: HopRow, slowest: number): Markup {
  return html`<tr><th scope="row">${ttl}</th><td>${address ?? "*"}</td><td>${name ?? ""}</td><td class="number">${milliseconds(rttMs)}</td>
<td>${rttMs === null ? "" : bar(0, rttMs, slowest, "good")}</td><td class="number">${sent - answered}/${sent}</td></tr>`;
}
