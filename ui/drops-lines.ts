// The screen of `wsl-trace drops`: how many of which reason, where, what it means, and the newest packets.

import type { DropGroup, DropsSeen } from "../src/commands/drops-seen.ts";
import type { FrameSize } from "./alternate-screen.ts";
import { apart, type Line, line, span, wrapped } from "./lines.ts";
import { duration } from "./status.ts";
import { type Column, table } from "./table.ts";

const COLUMNS: readonly Column<DropGroup>[] = [
  { title: "drops", right: true, text: ({ count }) => `${count}`, value: ({ count }) => -count },
  {
    title: "per s",
    right: true,
    text: ({ perSecond }) => (perSecond === 0 ? "" : perSecond.toFixed(1)),
    value: ({ perSecond }) => -perSecond,
  },
  {
    title: "reason and place",
    grows: true,
    text: ({ where }) => where,
    value: ({ where }) => where,
  },
];

/** Rows of heading, of the keys, and the last one of the terminal, which stays free. */
const AROUND = 4;
/** Of the rest, for groups and what they mean. */
const SHARE = 0.6;

export function dropsLines(seen: DropsSeen, size: FrameSize): readonly Line[] {
  const { columns, rows, sinceMs, keys } = size;
  const { note, groups, newest, total, lost } = seen;
  const said = `${duration(sinceMs)}, ${total} drops${lost === 0 ? "" : `, ${lost} more lost`} `;
  const head = [span(" wsl-trace ", "dim"), span("drops", "strong")];
  const heading = [
    apart(head, line(said, "dim"), columns),
    ...wrapped(note, "plain", { columns, first: " " }),
  ];
  const room = Math.max(2, rows - AROUND - heading.length);
  const counted = countedLines(groups, Math.ceil(room * SHARE), columns);
  const left = Math.max(0, room - counted.length - 1);
  const packets = left === 0 ? [] : newest.slice(-left);
  const body =
    total === 0
      ? [line(" no drop yet: what this kernel gives up appears here as it happens", "dim")]
      : [...counted, [], ...packets.map((one) => line(` ${one}`))];
  const blank: Line[] = Array.from({ length: Math.max(0, room - body.length + 1) }, () => []);
  const footer = keys ? line(" q ends it and prints the summary", "dim") : [];
  return [...heading, [], ...body, ...blank, footer];
}

/** What does not fit has a sign; the summary has it. */
function countedLines(
  groups: readonly DropGroup[],
  room: number,
  columns: number,
): readonly Line[] {
  const drawn = table(groups, COLUMNS, { columns, sort: 0 });
  const whole = drawn.rows.map(({ row, cells }): readonly Line[] => [
    cells,
    ...(row.meaning === null ? [] : [line(`                 ${row.meaning}`, "dim")]),
  ]);
  const shown: Line[] = [];
  for (const [index, lines] of whole.entries()) {
    const isLast = index === whole.length - 1;
    // Its own lines, the heading, and the sign where more comes.
    if (shown.length + lines.length + 1 + (isLast ? 0 : 1) > room && index > 0) {
      const more = `${whole.length - index} more kinds: the summary has them`;
      return [drawn.heading, ...shown, line(`  ${more}`, "warn")];
    }
    shown.push(...lines);
  }
  return [drawn.heading, ...shown];
}
