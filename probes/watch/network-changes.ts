// Reads this machine's network again: at the kernel's word at once, else at a slow rate.

import type { Clock } from "../../src/clock.ts";
import { EMPTY_PATH } from "../../src/model/path.ts";
import type { Probe } from "../../src/probe.ts";
import type { EventBody } from "../../src/schema/event.ts";
import { type NetworkState, stateOfEvents, stateOfLines } from "../../src/watch/network-state.ts";
import { createLinksProbe } from "../linux/links.ts";
import type { Libc } from "../native/libc.ts";
import { openRouteEvents } from "../native/route-events.ts";
import type { System } from "../system.ts";

/** Files that no message tells of, such as resolv.conf; and all of it where the kernel sends none. */
const FILES_MS = 5000;
const PROGRAM_LIMIT_MS = 2000;

export interface NetworkChanges {
  /** Null: nothing told of a change, and it is not time to look. */
  read(signal: AbortSignal): Promise<NetworkState | null>;
  close(): void;
}

/** @param libc null where no system call can be made */
export function watchNetwork(system: System, clock: Clock, libc: Libc | null): NetworkChanges {
  const opened = libc === null ? "no system calls" : openRouteEvents(libc);
  const events = typeof opened === "string" ? null : opened;
  const links = createLinksProbe(system);
  let lines: NetworkState = {};
  let nextMs = Number.NEGATIVE_INFINITY;
  return {
    read: async (signal) => {
      const isTold = events?.drain() === true;
      const isFirst = nextMs === Number.NEGATIVE_INFINITY;
      if (!isTold && clock.now() < nextMs) return null;
      nextMs = clock.now() + FILES_MS;
      if (isTold || isFirst || events === null) lines = await readLines(system);
      // Routes as iproute2 prints them have more than the kernel's file.
      return { ...stateOfEvents(await collected(links, clock, signal)), ...lines };
    },
    close: () => events?.close(),
  };
}

/** What a probe reports when it is run outside a trace. */
async function collected(
  probe: Probe,
  clock: Clock,
  signal: AbortSignal,
  path = EMPTY_PATH,
): Promise<readonly EventBody[]> {
  const events: EventBody[] = [];
  const emit = (body: EventBody) => {
    events.push(body);
    return { id: `e${events.length}`, atMs: 0, ...body };
  };
  await probe({ emit, path: () => path, clock, signal });
  return events;
}

/** Absent where iproute2 is not here: the files are then what there is. */
async function readLines(system: System): Promise<NetworkState> {
  const both = async (...args: readonly string[]) => {
    const texts = await Promise.all(
      ["-4", "-6"].map((family) =>
        system.run("ip", ["-o", family, ...args], { timeoutMs: PROGRAM_LIMIT_MS }),
      ),
    );
    const isWhole = texts.every(({ exitCode }) => exitCode === 0);
    return isWhole ? texts.map(({ stdout }) => stdout).join("\n") : null;
  };
  const [routes, rules] = await Promise.all([both("route", "show", "table", "all"), both("rule")]);
  return {
    ...(routes === null ? {} : stateOfLines("route", routes)),
    ...(rules === null ? {} : stateOfLines("rule", rules)),
  };
}
