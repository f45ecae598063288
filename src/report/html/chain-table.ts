// The chain as a table: what the picture shows, for whoever reads or searches instead of looking.

import type { Report } from "../../schema/report.ts";
import type { SegmentStatus } from "../../schema/verdict.ts";
import { milliseconds } from "../duration.ts";
import { chainColumns } from "../faces/chain-view.ts";
import type { FaceTexts } from "../faces/texts.ts";
import { html, type Markup } from "./markup.ts";
import { scrollingTable } from "./table.ts";
import { STATUS_TONES } from "./tone.ts";

export function chainTable({ chain }: Report, texts: FaceTexts): Markup {
  const { labels, headings } = texts;
  const state = (status: SegmentStatus) => {
    const { name, sign } = STATUS_TONES[status];
    return html`<td class="${name}">${sign} ${texts.statuses[status]}</td>`;
  };
  const rows = chain.map(
    ({ kind, name, address, mtu, ttl, rttMs, inferred, outbound, inbound, reason }) =>
      html`<tr><th scope="row">${kind}</th><td>${name}${inferred ? ` (${labels.inferred})` : ""}</td><td>${address === name ? "" : address}</td><td class="number">${mtu}</td>
<td class="number">${ttl}</td><td class="number">${milliseconds(rttMs)}</td>${state(outbound)}${state(inbound)}<td>${reason}</td></tr>`,
  );
  const head = chainColumns(texts).concat(labels.detail);
  return scrollingTable(`${headings.chain}: ${labels.table}`, head, rows);
}
