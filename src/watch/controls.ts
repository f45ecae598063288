// What a user's keys ask of continuous mode: they set it, the watch reads it.

import type { RoundProtocol, WatchSettings } from "../model/watch.ts";
import type { Family } from "../schema/events/common.ts";

export type WatchKey =
  | "pause"
  | "restart"
  | "faster"
  | "slower"
  | "other protocol"
  | "other family"
  | "other flow";

/** What moves a film; pause, restart, faster and slower do, too. */
export type FilmKey = "step on" | "step back" | "decided";

export interface WatchControls {
  /** Keys of a film do nothing here. */
  press(key: FilmKey | WatchKey): void;
  settings(): WatchSettings;
  /** How often a restart was asked for: each target's watch obeys it once. */
  restarts(): number;
  /** Calls the listener at every press; gives what ends that. */
  onPress(listener: () => void): () => void;
}

/** Below a second routers answer less than they are asked: Linux sends one error a second to each host. */
const INTERVALS_MS = [1000, 2000, 5000, 10_000, 30_000, 60_000] as const;
const FIRST_INTERVAL = 1;
const PROTOCOLS: readonly RoundProtocol[] = ["auto", "udp", "icmp", "tcp"];
const FAMILIES: readonly (Family | null)[] = [null, 4, 6];

export function createWatchControls(family: Family | null): WatchControls {
  let speed = FIRST_INTERVAL;
  let restarts = 0;
  const listeners = new Set<() => void>();
  let settings: WatchSettings = {
    intervalMs: INTERVALS_MS[FIRST_INTERVAL],
    paused: false,
    protocol: "auto",
    family,
    flow: 0,
  };
  const set = (change: Partial<WatchSettings>) => {
    settings = { ...settings, ...change };
  };
  const faster = (steps: number) => {
    speed = Math.min(INTERVALS_MS.length - 1, Math.max(0, speed - steps));
    set({ intervalMs: INTERVALS_MS[speed] ?? settings.intervalMs });
  };
  const keys: Partial<Readonly<Record<FilmKey | WatchKey, () => void>>> = {
    pause: () => set({ paused: !settings.paused }),
    restart: () => {
      restarts += 1;
      set({ paused: false });
    },
    faster: () => faster(1),
    slower: () => faster(-1),
    "other protocol": () => set({ protocol: next(PROTOCOLS, settings.protocol) }),
    "other family": () => set({ family: next(FAMILIES, settings.family) }),
    "other flow": () => set({ flow: settings.flow + 1 }),
  };
  return {
    press: (key) => {
      keys[key]?.();
      for (const listener of [...listeners]) listener();
    },
    settings: () => settings,
    restarts: () => restarts,
    onPress: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}

function next<T>(list: readonly T[], one: T): T {
  return list[(list.indexOf(one) + 1) % list.length] ?? one;
}
