// What once went wrong, and must not again. The default attempt's hang heals by a too-big message while the sweep's
// connections are still under way. stop() ends them as { no-reply, waitedMs: a few ms }, which
// attemptState() takes for "stalled"; sizes below what passed then count as lost -> path-loss, degraded.
// Needs: heal less than about one round trip after the stall was told (also any single lost segment
// whose RTO ends there: RTT 70..150 ms). A no-reply without a stall and after less than the stall time
// is "not waited for", no failure.
import { expect, test } from "vitest";
import { inboundFacts } from "../../src/facts/size/inbound.ts";
import { diagnosisOf as diagnose } from "../../src/report/diagnosis.ts";
import type { EventBody } from "../../src/schema/event.ts";
import { pathOf } from "../builders/events.ts";
import { run } from "../builders/runs.ts";
import { connected, recovering, stage } from "../builders/tcp.ts";

/** What RunningAttempt.stop() emits 15 ms after the start: connected, and not yet answered. */
const stopped = (attempt: string, offered: number): readonly EventBody[] => [
  ...connected(attempt, { offered }),
  stage(attempt, "tls", 15, { kind: "no-reply", waitedMs: 5 }, null),
  { kind: "tcp-ended", attempt, complete: false, sinceStartMs: 15, info: null },
];
const tcp = [
  ...recovering("t1", 20, { received: 1400 }),
  ...stopped("s1", 576),
  ...stopped("s2", 1280),
];

test("a sweep that was stopped because the hang healed lost nothing", () => {
  expect(inboundFacts(pathOf(...tcp)).interval.lost).toEqual([]);
});

test("a too-big message that heals the first hang is healthy, although the sweep had begun", () => {
  expect(diagnose(pathOf(...run({ tcp })))).toMatchObject({ verdict: "healthy", findings: [] });
});

// The same from the sweep itself, with the fake server of test/builders/server.ts.
import { sweepInbound } from "../../probes/pmtu/inbound.ts";
import { testContext } from "../builders/context.ts";
import { simulateServer } from "../builders/server.ts";

test.each([50, 100])(
  "the sweep over a server whose hang heals after 40 ms, round trip %d ms",
  async (rttMs) => {
    const context = testContext(run({ tcp: [], udp: [], end: null }));
    const server = simulateServer({ limit: 1400, rttMs, recoversAfterMs: 40 }, context);
    const hanging = server.start("t1", "default", null);
    await hanging.decided;
    const sweep = sweepInbound(context, {
      start: (mss) => server.start(`s${server.connections()}`, "mss-sweep", mss),
      goal: "tls",
      candidates: [],
      finished: () => hanging.state("tls") === "passed",
    });
    while (hanging.waiting() !== null) await context.clock.sleep(20);
    await context.clock.sleep(rttMs); // request and answer of the default attempt
    hanging.stop();
    await sweep.stop();
    expect(inboundFacts(context.path()).interval.lost).toEqual([]);
  },
);
