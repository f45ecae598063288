// A recording as a film: the screen as it was at each event, played, stepped through, and jumped in.

import type { Clock } from "../clock.ts";
import { EMPTY_PATH, type Path } from "../model/path.ts";
import { reduce } from "../model/reduce.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { diagnosisOf, serviceOf } from "../report/diagnosis.ts";
import type { ProbeEvent } from "../schema/event.ts";
import { snapshotOf } from "../trace.ts";
import type { FilmKey, WatchKey } from "../watch/controls.ts";

export interface FilmInput {
  /** A whole recording; the first one begins the run. */
  readonly events: readonly ProbeEvent[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
  show(snapshot: Snapshot): void;
  /** Loaded by whoever plays one: a run's first packet waits for no rule. */
  readonly diagnose: typeof diagnosisOf;
  readonly service: typeof serviceOf;
}

const SPEEDS = [0.25, 0.5, 1, 2, 4, 8, 16] as const;
const FIRST_SPEED = 2;
/** Often enough for a film, and seldom enough for a diagnosis at each. */
const FRAME_MS = 100;
/** Nothing moves: only a key does. */
const STILL_MS = 1000;

export interface FilmPlayer {
  press(key: FilmKey | WatchKey): void;
  /** Until the signal. */
  play(): Promise<void>;
}

export function createFilm({
  events,
  clock,
  signal,
  show,
  diagnose,
  service,
}: FilmInput): FilmPlayer {
  const last = events.length - 1;
  const lengthMs = events.at(-1)?.atMs ?? 0;
  const decidedAt = decisive(events, diagnose);
  const pathAt = createPaths(events);
  let at = 0;
  let positionMs = 0;
  let playing = true;
  let speed = FIRST_SPEED;
  let wake: () => void = () => undefined;
  const draw = () => {
    const path = pathAt(at);
    const film = {
      at,
      events: events.length,
      atMs: positionMs,
      lengthMs,
      playing,
      speed: SPEEDS[speed] ?? 1,
      decidedAt,
    };
    const snapshot = snapshotOf(path, diagnose(path), null, positionMs);
    show({ ...snapshot, service: service(path), events: events.slice(0, at + 1), film });
  };
  const jump = (to: number) => {
    at = Math.min(last, Math.max(0, to));
    positionMs = events[at]?.atMs ?? positionMs;
  };
  const steps: Partial<Readonly<Record<FilmKey | WatchKey, () => void>>> = {
    pause: () => {
      if (!playing && at === last) jump(0);
      playing = !playing;
    },
    restart: () => jump(0),
    faster: () => {
      speed = Math.min(SPEEDS.length - 1, speed + 1);
    },
    slower: () => {
      speed = Math.max(0, speed - 1);
    },
    "step on": () => {
      playing = false;
      jump(at + 1);
    },
    "step back": () => {
      playing = false;
      jump(at - 1);
    },
    decided: () => {
      playing = false;
      jump(decidedAt ?? last);
    },
  };
  const advance = (passedMs: number) => {
    positionMs = Math.min(lengthMs, positionMs + passedMs * (SPEEDS[speed] ?? 1));
    while (at < last && (events[at + 1]?.atMs ?? lengthMs) <= positionMs) at += 1;
    if (at === last) playing = false;
  };
  return {
    press: (key) => {
      steps[key]?.();
      wake();
    },
    play: async () => {
      draw();
      while (!signal.aborted) {
        const begunMs = clock.now();
        const pressed = new Promise<void>((resolve) => {
          wake = resolve;
        });
        const pause = new AbortController();
        const rest = clock
          .sleep(playing ? FRAME_MS : STILL_MS, pause.signal)
          .catch(() => undefined);
        await Promise.race([rest, pressed]);
        pause.abort();
        if (playing) advance(clock.now() - begunMs);
        draw();
      }
    },
  };
}

/** The Path at each event; one that comes later goes on from the one before. */
function createPaths(events: readonly ProbeEvent[]): (at: number) => Path {
  let known = -1;
  let path: Path = EMPTY_PATH;
  return (at) => {
    if (at < known) {
      known = -1;
      path = EMPTY_PATH;
    }
    for (const event of events.slice(known + 1, at + 1)) path = reduce(path, event);
    known = Math.max(known, at);
    return path;
  };
}

/** The last of those that the first finding names: with it the cause was known. */
function decisive(events: readonly ProbeEvent[], diagnose: FilmInput["diagnose"]): number | null {
  const { findings } = diagnose(events.reduce(reduce, EMPTY_PATH));
  const evidence = new Set(findings[0]?.evidence ?? []);
  const at = events.findLastIndex(({ id }) => evidence.has(id));
  return at < 0 ? null : at;
}
