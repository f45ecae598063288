// A comparison as plain text: the changes by area, then what cannot be compared, then what differs beside the network.

import { hanging } from "../text-layout.ts";
import { AREAS, type Change } from "./change.ts";
import type { Diff } from "./diff.ts";
import {
  AREA_TITLES,
  BESIDE_TITLE,
  headline,
  markOf,
  redactedLine,
  runLine,
  UNCLEAR_TITLE,
  valuesOf,
} from "./words.ts";

/** Ends with a newline; nothing in it drives a terminal. */
export function diffText(diff: Diff): string {
  const { changes, unclear, beside } = diff;
  const redacted = redactedLine(diff);
  const lines = [
    ...hanging("wsl-trace diff: ", headline(diff)),
    ...hanging("before    ", runLine(diff.before)),
    ...hanging("after     ", runLine(diff.after)),
    ...(redacted === null ? [] : hanging("redacted  ", redacted)),
    ...AREAS.flatMap((area) => {
      const rows = changes.filter((change) => change.area === area);
      return section(AREA_TITLES[area], rows.flatMap(changeLines));
    }),
    ...section(
      UNCLEAR_TITLE,
      unclear.flatMap((one) => row("?", one.what, `${valuesOf(one)}; ${one.because}`)),
    ),
    ...section(
      BESIDE_TITLE,
      beside.flatMap((one) => row("~", one.what, valuesOf(one))),
    ),
  ];
  return `${lines.join("\n")}\n`;
}

function changeLines(change: Change): readonly string[] {
  return row(markOf(change), change.what, valuesOf(change));
}

function row(mark: string, what: string, text: string): readonly string[] {
  return hanging(`  ${mark} `, `${what}: ${text}`);
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", title, "", ...lines];
}
