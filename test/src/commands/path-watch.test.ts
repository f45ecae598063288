// Continuous mode of several targets: each has its history, traces come one after the other, and what happens to the machine is told once.

import { expect, it } from "vitest";
import type { PathDeps, PathRequest, WatchRun } from "../../../src/commands/path-request.ts";
import { goOn } from "../../../src/commands/path-watch.ts";
import { createRecorder } from "../../../src/commands/recorder.ts";
import type { WatchedChange } from "../../../src/schema/events/watch.ts";
import { createWatchControls } from "../../../src/watch/controls.ts";
import { recorded } from "../../ui/recorded.ts";

const RUN = recorded("wsl2-vpn.root.ndjson.gz");
const HOSTS = ["one.example", "two.example"];
const change = (what: WatchedChange["what"], subject: string): WatchedChange => ({
  at: "2026-11-30T08:00:00.000Z",
  atMs: 1000,
  what,
  subject,
  before: "1500",
  after: "1400",
});

/** As when a route changes: all see it, and all trace again at once. */
async function afterOneChange() {
  let running = 0;
  let most = 0;
  const lines: string[] = [];
  const watch = (_: unknown, runs: readonly WatchRun[]) =>
    Promise.all(
      runs.map(async ({ retrace, notify }, place) => {
        const changes = [change("route", "default"), change("verdict", HOSTS[place] ?? "")];
        for await (const _ of retrace({ ...createWatchControls(null).settings() }));
        for (const one of changes) notify(one);
        const startedAt = "2026-11-30T08:00:00.000Z";
        const counts = { durationMs: 1, rounds: place + 1, packetsSent: 1, changesLeftOut: 0 };
        return { startedAt, ...counts, changes, hops: [] };
      }),
    );
  const traced = HOSTS.map((host) => ({
    target: { ...RUN.target, host },
    recorder: createRecorder(null),
    last: RUN,
    capture: null,
  }));
  const trace: PathDeps["trace"] = async function* (_target, _options, record) {
    running += 1;
    most = Math.max(most, running);
    for (const event of RUN.events) record(event);
    yield { ...RUN, finished: false };
    await new Promise(setImmediate);
    running -= 1;
    yield RUN;
  };
  const { signal } = new AbortController();
  const options = RUN.path.run?.options;
  if (options === undefined) throw new Error("no run");
  const request: PathRequest = {
    targets: traced.map(({ target }) => target),
    options,
    json: false,
    quiet: false,
    recordFile: null,
    reportFile: null,
    redaction: { applied: true, target: false },
  };
  const ended = await goOn(
    traced,
    { signal, show: () => undefined, fresh: () => createRecorder(null) },
    request,
    {
      trace,
      watch,
      controls: createWatchControls(null),
      show: null,
      signal,
      atOnce: 1,
      notify: (line) => lines.push(line),
      openFile: () => {
        throw new Error("no file is wanted");
      },
      print: () => undefined,
    },
  );
  return { ended, lines, most };
}

it("gives each target its own rounds behind its newest run", async () => {
  const { ended } = await afterOneChange();
  const watched = ended.map(({ events }) => events.at(-1));
  expect(watched.map((event) => event?.kind)).toEqual(["watched", "watched"]);
  expect(watched.map((event) => event?.kind === "watched" && event.rounds)).toEqual([1, 2]);
  expect(ended.map(({ events }) => events.length)).toEqual([1, 1].map(() => RUN.events.length + 1));
});

it("traces one target after the other, and tells once what happened to the machine", async () => {
  const { lines, most } = await afterOneChange();
  expect(most).toBe(1);
  expect(lines.filter((line) => line.includes("route"))).toHaveLength(1);
  for (const host of HOSTS) expect(lines.filter((line) => line.includes(host))).toHaveLength(1);
});
