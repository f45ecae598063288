// Continuous mode on a clock of its own: rounds, pauses, and a new verdict where something has changed.

import { describe, expect, it } from "vitest";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import type { WatchedChange } from "../../../src/schema/events/watch.ts";
import { createWatchControls, type WatchKey } from "../../../src/watch/controls.ts";
import { type NetworkState, stateOfLines } from "../../../src/watch/network-state.ts";
import { watch } from "../../../src/watch/watch.ts";
import { virtualClock } from "../../builders/clock.ts";
import { recorded } from "../../ui/recorded.ts";

const SICK = recorded("wsl2-vpn.root.ndjson.gz");
const WELL: Snapshot = {
  ...SICK,
  diagnosis: { ...SICK.diagnosis, verdict: "healthy", findings: [] },
};
const routesAt = (mtu: number): NetworkState =>
  stateOfLines("route", `default via 192.0.2.1 dev eth0 mtu ${mtu}`);

interface Script {
  readonly rounds: number;
  /** What is pressed when so many rounds are through. */
  readonly keys?: Readonly<Record<number, WatchKey>>;
  /** The route's MTU from that round on. */
  readonly changesAt?: number;
}

async function watched({ rounds, keys = {}, changesAt = Number.POSITIVE_INFINITY }: Script) {
  const clock = virtualClock();
  const controls = createWatchControls(null);
  const shown: Snapshot[] = [];
  const notified: WatchedChange[] = [];
  let sent = 0;
  let opened = 0;
  let retraced = 0;
  const end = new AbortController();
  const report = await watch({
    clock,
    controls,
    first: SICK,
    rounds,
    signal: end.signal,
    openRounds: () => {
      opened += 1;
      return {
        close: () => undefined,
        send: async (plan) => {
          sent += 1;
          const key = keys[sent];
          if (key !== undefined) controls.press(key);
          // Paused for good: nobody presses any more.
          if (key === "pause") setImmediate(() => end.abort());
          return plan.map(({ ttl }) => {
            const from = `192.0.2.${ttl}`;
            const outcome = { kind: "time-exceeded", from, rttMs: ttl, replyTtl: 64 } as const;
            return { ttl, outcome, labels: [] };
          });
        },
      };
    },
    readState: async () => routesAt(sent >= changesAt ? 1400 : 1500),
    readHost: async () => null,
    retrace: async function* () {
      retraced += 1;
      yield { ...WELL, finished: false };
      yield WELL;
    },
    show: (snapshot) => shown.push(snapshot),
    notify: (change) => notified.push(change),
  });
  return { report, shown, notified, sent, opened, retraced };
}

describe("a watch", () => {
  it("sends rounds and counts them by hop, and traces nothing again on a still network", async () => {
    const { report, shown, sent, retraced, opened } = await watched({ rounds: 5 });
    expect({ sent, retraced, opened }).toEqual({ sent: 5, retraced: 0, opened: 1 });
    expect(report.rounds).toBe(5);
    expect(report.hops.every((hop) => hop.sent === 5 && hop.lost === 0)).toBe(true);
    expect(report.hops.at(-1)?.ttl).toBe(report.hops.length);
    expect(shown.at(-1)?.watch?.hops[0]?.samplesMs).toHaveLength(5);
  });

  it("judges again where a route has changed, with a line for that and for the verdict", async () => {
    const { report, notified, retraced, shown } = await watched({ rounds: 6, changesAt: 3 });
    expect(retraced).toBe(1);
    expect(notified.map(({ what }) => what)).toEqual(["route", "verdict"]);
    expect(report.changes).toEqual(notified);
    expect(notified[1]?.before).toContain("fault");
    expect(notified[1]?.after).toBe("healthy");
    expect(shown.at(-1)?.diagnosis.verdict).toBe("healthy");
  });

  it("traces again on request, and over another family", async () => {
    expect((await watched({ rounds: 3, keys: { 1: "restart" } })).retraced).toBe(1);
    const { retraced, notified } = await watched({ rounds: 3, keys: { 1: "other family" } });
    expect(retraced).toBe(1);
    expect(notified[0]).toMatchObject({ what: "settings", subject: "family", after: "4" });
  });

  it("takes other sockets for another flow, and counts from zero", async () => {
    const { report, opened } = await watched({ rounds: 4, keys: { 2: "other flow" } });
    expect(opened).toBe(2);
    expect(report.hops[0]?.sent).toBe(2);
  });

  it("sends nothing while it is paused, and ends with its signal", async () => {
    const { report } = await watched({ rounds: 9, keys: { 2: "pause" } });
    expect(report.rounds).toBe(2);
  });
});

describe("a key", () => {
  it("makes rounds faster and slower within what routers answer", () => {
    const controls = createWatchControls(null);
    const intervalAfter = (key: WatchKey, times: number) => {
      for (let n = 0; n < times; n += 1) controls.press(key);
      return controls.settings().intervalMs;
    };
    expect(controls.settings().intervalMs).toBe(2000);
    expect(intervalAfter("faster", 9)).toBe(1000);
    expect(intervalAfter("slower", 9)).toBe(60_000);
  });
});
