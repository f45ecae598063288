// The first view: the chain, as a picture where there is room, the stages, the sizes and the verdict with its fix.

import { BEGINNING } from "../src/report/words/finding.ts";
import { chainList } from "./chain-list.ts";
import { chainPicture, PICTURE_FROM } from "./chain-picture.ts";
import { type Line, line } from "./lines.ts";
import { serviceLines } from "./service-lines.ts";
import { kernelLine, namesLine, pmtuLines, reasonLines, stageLines } from "./summary.ts";
import { verdictLines } from "./verdict-lines.ts";
import type { ViewInput, ViewLines } from "./view.ts";
import { newestChanges } from "./view-changes.ts";
import { commandOf } from "./work.ts";

// A fault on a chain of a dozen segments, with every reason, takes about this many rows.
const ROOMY_FROM = 37;
/** What has just changed stands beside the verdict that came of it. */
const NEWEST = 4;
/** A picture leaves room for its addresses from here on. */
const ADDRESSES_FROM = 24;

export function chainView(input: ViewInput): ViewLines {
  const { snapshot, columns, rows, details, nowMs } = input;
  const { diagnosis, kernel } = snapshot;
  // Before this machine is read, what it has no answer for yet would look like what it lacks.
  const isBegun = snapshot.vantage !== null || snapshot.finished;
  const picture =
    columns < PICTURE_FROM || !isBegun
      ? []
      : chainPicture(snapshot, { columns, short: rows < ADDRESSES_FROM, nowMs });
  const command = commandOf(snapshot);
  const service = serviceLines(snapshot, columns);
  const ofPath = (short: boolean): readonly Line[] => [
    ...(picture.length > 0 ? namesLine(snapshot) : []),
    ...(short ? [] : reasonLines(snapshot, columns)),
    ...stageLines(snapshot, { nowMs, columns, short }),
    ...(diagnosis.stages.length > 0 ? pmtuLines(snapshot, columns) : []),
    ...(short ? [] : kernelLine(kernel)),
    ...newestChanges(snapshot, short ? 1 : NEWEST),
  ];
  // What reads this machine alone judges nothing; what asks for a service of it has no path of its own.
  const below = (short: boolean): readonly Line[] => [
    ...(command === "env" ? [] : command === "inbound" ? service : ofPath(short)),
    ...(command === "env" ? [] : verdictLines(snapshot, { columns, details, short })),
  ];
  const whole = below(false);
  const isWhole =
    details || rows >= ROOMY_FROM || (picture.length > 0 && picture.length + whole.length <= rows);
  const rest = isWhole ? whole : below(true);
  const chain =
    picture.length > 0 || !isBegun
      ? picture
      : chainList(diagnosis, { columns, limit: rows - rest.length });
  const first =
    chain.length > 0 || service.length > 0
      ? chain
      : [line(` ${snapshot.activity ?? BEGINNING}`, "dim")];
  // Air, where there is room for it.
  const gap: readonly Line[] = first.length + rest.length < rows ? [[]] : [];
  return { heading: [], body: [...first, ...gap, ...rest], fromEnd: true };
}
