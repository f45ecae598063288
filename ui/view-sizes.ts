// The sizes in both directions as one ladder, the largest first: what passed, what was refused, what vanished.

import type { Snapshot } from "../src/model/snapshot.ts";
import { type Line, line, span } from "./lines.ts";
import type { Tone } from "./status.ts";
import { pmtuLines } from "./summary.ts";
import type { ViewInput, ViewLines } from "./view.ts";

type Mark = readonly [sign: string, tone: Tone];

const PASSED: Mark = ["✓", "good"];
const REFUSED: Mark = ["┤", "warn"];
const VANISHED: Mark = ["✗", "bad"];
const OPEN: Mark = ["…", "dim"];

interface Step {
  readonly bytes: number;
  /** What was sent, such as "udp". */
  readonly what: string;
  readonly mark: Mark;
  readonly evidence: string;
}

/** IP and TCP headers without options, in bytes (RFC 791, RFC 8200, RFC 9293). */
const HEADERS = { 4: 40, 6: 60 } as const;

export function sizesView({ snapshot, columns }: ViewInput): ViewLines {
  const out = outboundSteps(snapshot);
  const into = inboundSteps(snapshot);
  const sizes = [...new Set([...out, ...into].map(({ bytes }) => bytes))].toSorted((a, b) => b - a);
  const most = sizes[0] ?? 1;
  const barWidth = Math.max(8, Math.min(40, columns - 50));
  return {
    heading: [
      ...pmtuLines(snapshot, columns),
      line(
        `  bytes ${" ".repeat(barWidth)}  out                   in (offered segments)`,
        "strong",
      ),
    ],
    body: sizes.map((bytes) => {
      const here = (steps: readonly Step[]) => steps.filter((step) => step.bytes === bytes);
      const bar = "━".repeat(Math.max(1, Math.round((bytes / most) * barWidth)));
      return {
        id: `size ${bytes}`,
        line: [
          span(`${bytes}`.padStart(7), "strong"),
          span(` ${bar.padEnd(barWidth)}  `, worst([...here(out), ...here(into)])),
          ...marks(here(out), OUT_WIDTH),
          ...marks(here(into), OUT_WIDTH),
        ],
        evidence: [...here(out), ...here(into)].map(({ evidence }) => evidence),
      };
    }),
  };
}

const OUT_WIDTH = 22;

function marks(steps: readonly Step[], width: number): Line {
  const groups = new Map<string, readonly Step[]>();
  for (const step of steps) {
    const key = `${step.what} ${step.mark[0]}`;
    groups.set(key, [...(groups.get(key) ?? []), step]);
  }
  const spans = [...groups.values()].flatMap(([first, ...more]) => {
    if (first === undefined) return [];
    const count = more.length === 0 ? "" : `${more.length + 1}`;
    return [span(`${first.what} `), span(`${first.mark[0]}${count} `, first.mark[1])];
  });
  const used = spans.reduce((sum, { text }) => sum + text.length, 0);
  return [...spans, span(" ".repeat(Math.max(0, width - used)))];
}

function worst(steps: readonly Step[]): Tone {
  const tones = steps.map(({ mark }) => mark[1]);
  return (["bad", "warn", "good"] as const).find((tone) => tones.includes(tone)) ?? "dim";
}

function outboundSteps({ path }: Snapshot): readonly Step[] {
  return path.probes
    .filter(({ purpose }) => purpose === "size")
    .map(({ id, protocol, sizeBytes, outcome }) => ({
      bytes: sizeBytes,
      what: protocol,
      evidence: id,
      mark: outcome.kind === "too-big" ? REFUSED : "rttMs" in outcome ? PASSED : VANISHED,
    }));
}

function inboundSteps({ path }: Snapshot): readonly Step[] {
  return path.attempts
    .filter(({ mss }) => mss !== null)
    .flatMap((attempt) => {
      const { id, mss, family } = attempt;
      const mark = inboundMark(attempt);
      return mark === null
        ? []
        : [{ bytes: (mss ?? 0) + HEADERS[family], what: "tcp", evidence: id, mark }];
    });
}

/** Null where nothing that could be full-size was asked for: the connection never stood, or was closed as soon as it did. */
function inboundMark({ stages, stalls, ended }: Snapshot["path"]["attempts"][number]): Mark | null {
  const beyond = stages.filter(({ stage }) => stage !== "connect");
  const isOk = (one: (typeof stages)[number] | undefined) => one?.result.kind === "ok";
  if (isOk(beyond.at(-1))) return PASSED;
  if (stalls.length > 0) return VANISHED;
  // A handshake that ended brought its segments, whatever became of the question behind it.
  if (beyond.some(isOk)) return PASSED;
  if (beyond.length > 0) return VANISHED;
  return ended === null ? OPEN : null;
}
