// The stages as a waterfall: when each began and how long it took, side by side on one time line.

import type { Snapshot } from "../src/model/snapshot.ts";
import { fitted, type Line, line, span } from "./lines.ts";
import { duration, type Tone } from "./status.ts";
import type { ViewInput, ViewLines } from "./view.ts";

interface Bar {
  readonly id: string;
  readonly label: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly tone: Tone;
  readonly evidence: readonly string[];
}

const LABEL_WIDTH = 26;
const TIMES_WIDTH = 20;

export function stagesView({ snapshot, columns, nowMs }: ViewInput): ViewLines {
  const bars = barsOf(snapshot, nowMs);
  if (bars.length === 0) return { heading: [line(" nothing was sent yet", "dim")], body: [] };
  const endMs = Math.max(...bars.map(({ toMs }) => toMs));
  const room = Math.max(10, columns - LABEL_WIDTH - TIMES_WIDTH - 2);
  const at = (ms: number) => Math.min(room - 1, Math.floor((ms / Math.max(1, endMs)) * room));
  return {
    heading: [line(` from 0 to ${duration(endMs)} after the run began`, "dim")],
    body: bars.map((bar) => ({ id: bar.id, line: barLine(bar, room, at), evidence: bar.evidence })),
  };
}

function barLine(
  { label, fromMs, toMs, tone }: Bar,
  room: number,
  at: (ms: number) => number,
): Line {
  const [start, end] = [at(fromMs), at(toMs)];
  const bar = `${" ".repeat(start)}${"█".repeat(Math.max(1, end - start))}`;
  return [
    span(" "),
    ...fitted(line(label), LABEL_WIDTH),
    ...fitted(line(bar, tone), room),
    span(` ${duration(toMs - fromMs)} at ${duration(fromMs)}`, "dim"),
  ];
}

function barsOf({ path, events, waiting, finished }: Snapshot, nowMs: number): readonly Bar[] {
  const times = new Map(events.map(({ id, atMs }) => [id, atMs]));
  const timeOf = (id: string) => times.get(id) ?? 0;
  const names = path.dns.flatMap(({ id, server, transport, type, rttMs, outcome }): Bar[] => {
    const waitedMs = rttMs ?? ("waitedMs" in outcome ? outcome.waitedMs : null);
    if (waitedMs === null) return [];
    const tone = outcome.kind === "answer" ? "good" : "bad";
    const label = `${server} ${type} ${transport}`;
    return [
      {
        id,
        label,
        fromMs: Math.max(0, timeOf(id) - waitedMs),
        toMs: timeOf(id),
        tone,
        evidence: [id],
      },
    ];
  });
  const stages = path.connections.default.flatMap((attempt) =>
    attempt.stages.map(({ id, stage, ms, sinceStartMs, result }): Bar => {
      const toMs = attempt.atMs + sinceStartMs;
      const tone = result.kind === "ok" ? "good" : "bad";
      return {
        id,
        label: `${stage} ${attempt.address}`,
        fromMs: toMs - ms,
        toMs,
        tone,
        evidence: [attempt.id, id],
      };
    }),
  );
  const open: readonly Bar[] =
    waiting === null || finished
      ? []
      : [
          {
            id: "waiting",
            label: `${waiting.stage} is waited for`,
            fromMs: waiting.sinceMs,
            toMs: Math.max(nowMs, waiting.sinceMs),
            tone: "warn",
            evidence: [],
          },
        ];
  const others = path.attempts.filter(({ purpose }) => purpose !== "default");
  const purposes = [...new Set(others.map(({ purpose }) => purpose))];
  const sweeps = purposes.map((purpose) => {
    const made = others.filter((attempt) => attempt.purpose === purpose);
    const ends = made.map(
      ({ atMs, ended, stages: done }) =>
        atMs + (ended?.sinceStartMs ?? done.at(-1)?.sinceStartMs ?? 0),
    );
    return spanning(
      `${made.length} for ${purpose}`,
      made.map(({ atMs }) => atMs),
      ends,
      made.map(({ id }) => id),
    );
  });
  const probes =
    path.probes.length === 0
      ? []
      : [
          spanning(
            `${path.probes.length} probes to hops, sizes`,
            path.probes.map(({ sentAtMs }) => sentAtMs),
            path.probes.map(({ id }) => timeOf(id)),
            path.probes.map(({ id }) => id),
          ),
        ];
  return [...names, ...stages, ...open, ...sweeps, ...probes].toSorted(
    (a, b) => a.fromMs - b.fromMs,
  );
}

function spanning(
  label: string,
  starts: readonly number[],
  ends: readonly number[],
  evidence: readonly string[],
): Bar {
  const fromMs = Math.min(...starts);
  const toMs = Math.max(fromMs, ...ends);
  return { id: label, label, fromMs, toMs, tone: "plain", evidence };
}
