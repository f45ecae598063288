// What is known of a service of this distro: who serves the port, and each way to it that was tried.

import type { Snapshot } from "../src/model/snapshot.ts";
import { type Line, line, span, wrapped } from "./lines.ts";
import { SEGMENT_LOOKS, STAGE_LOOKS, type Tone } from "./status.ts";

/** Nothing in a run about anything else. */
export function serviceLines({ service, finished }: Snapshot, columns: number): readonly Line[] {
  if (service == null) return [];
  const { port, listeners, ownListener, ways } = service;
  const served =
    listeners === null
      ? "who listens could not be read"
      : ownListener
        ? "nobody listens: this run does, on all addresses"
        : listeners.length === 0
          ? "nobody listens"
          : `listens on ${listeners.join(", ")}`;
  return [
    ...wrapped(served, "plain", { columns, first: ` port ${port}: ` }),
    ...ways.map(({ from, address, state, reason }): Line => {
      // A run that goes on has only not come to it.
      if (state === "unknown" && !finished) return wayLine(OPEN, from, `${address} not tried yet`);
      const because = reason === null ? "" : ` (${reason})`;
      return wayLine(SIGNS[state], from, `${address} ${state}${because}`);
    }),
    [],
  ];
}

type Sign = readonly [sign: string, tone: Tone];

function wayLine([sign, tone]: Sign, from: string, said: string): Line {
  const who = span(`from ${from}`.padEnd(FROM_WIDTH), "strong");
  return [span(` ${sign} `, tone), who, ...line(said, tone)];
}

const FROM_WIDTH = 14;
const OPEN: Sign = [STAGE_LOOKS.waiting.sign, "dim"];
const REACHED: Sign = [STAGE_LOOKS.ok.sign, "good"];
const MISSED: Sign = [SEGMENT_LOOKS.broken.sign, "bad"];

const SIGNS = {
  reached: REACHED,
  refused: MISSED,
  silent: MISSED,
  denied: MISSED,
  unreachable: MISSED,
  unknown: [SEGMENT_LOOKS.unknown.sign, "dim"],
} as const satisfies Record<string, Sign>;
