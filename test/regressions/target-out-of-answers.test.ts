// What once went wrong, and must not again. Runs about sizes that came one after the other had used up the
// target's ICMP messages (Linux gives one back in a second): the next one took it for silent over UDP,
// measured no further than the last router, and TCP, whose MSS the target had lowered, made "at least 1400"
// of exactly 1400.

import { expect, test } from "vitest";
import { createUdpProbe } from "../../probes/hops/udp-path.ts";
import { unmarked } from "../../probes/native/mark.ts";
import type { Answer, Transport } from "../../probes/native/transport.ts";
import { createRateLimit } from "../../probes/rate-limit.ts";
import type { Clock } from "../../src/clock.ts";
import { outboundFacts } from "../../src/facts/size/outbound.ts";
import type { ProbeOutcome } from "../../src/schema/events/probe.ts";
import { virtualClock } from "../builders/clock.ts";
import { testContext } from "../builders/context.ts";
import { lookup, runStarted, TARGET, targetAddresses } from "../builders/events.ts";
import { systemOf } from "../builders/files.ts";
import { exceeded, fromTarget, reportedTooBig } from "../builders/probes.ts";
import { passing } from "../builders/tcp.ts";

const ROUTER = "198.51.100.1";
const LIMIT = 1400;
const NEVER = Number.POSITIVE_INFINITY;

/** One router in front of a target that answers SYNs always, and anything else from a time on. */
function networkOf(clock: Clock, answersFromMs: number) {
  const fromIt = () => (clock.now() < answersFromMs ? null : fromTarget());
  const open = (protocol: "udp" | "tcp"): Transport => {
    const answers: Answer[] = [];
    const arrive = (ttl: number, sizeBytes: number): ProbeOutcome | null => {
      if (ttl < 2) return exceeded(ROUTER);
      if (sizeBytes > LIMIT) return reportedTooBig(ROUTER, LIMIT);
      return protocol === "tcp"
        ? { kind: "reply", from: TARGET, rttMs: 1, replyTtl: 63, with: "syn-ack" }
        : fromIt();
    };
    return {
      protocol,
      smallestBytes: 36,
      cachesAbove: null,
      close: () => undefined,
      send: ({ ttl, sizeBytes, cookie }) => {
        const outcome = arrive(ttl, sizeBytes);
        if (outcome !== null) answers.push({ cookie, outcome, labels: [], quote: null });
        return null;
      },
      drain: () => answers.splice(0),
    };
  };
  return {
    name: "koffi" as const,
    udp: () => open("udp"),
    syn: () => open("tcp"),
    echo: () => {
      throw new Error("EACCES");
    },
  };
}

/** @param answersFromMs when the target has an answer again */
async function measure(command: "mtu" | "path", answersFromMs: number) {
  const clock = virtualClock();
  const before = [{ ...runStarted(), command }, targetAddresses(), lookup(), ...passing("t1")];
  const context = testContext(before, clock);
  const engine = networkOf(clock, answersFromMs);
  let cookie = 0;
  await createUdpProbe({
    engine,
    system: systemOf({}),
    zoneIndex: () => 0,
    candidates: () => [],
    runStartMs: 0,
    markOf: unmarked,
    rateLimit: createRateLimit(),
    isShared: false,
    nextCookie: () => {
      cookie += 1;
      return cookie;
    },
  })(context, Promise.resolve());
  return { estimate: outboundFacts(context.path()).estimate, tookMs: clock.now() };
}

test("a target that is there and silent over UDP is asked again when its limit has given an answer back", async () => {
  const { estimate } = await measure("mtu", 1000);
  expect(estimate).toMatchObject({ bytes: LIMIT, exact: true, below: LIMIT + 1, silent: false });
});

test("a target that never answers over UDP costs a run about sizes one such wait, and others none", async () => {
  const [sizes, path] = [await measure("mtu", NEVER), await measure("path", NEVER)];
  expect(sizes.estimate).toMatchObject({ exact: false, below: null, silent: false });
  expect([sizes.tookMs < 2000, path.tookMs < 1000]).toEqual([true, true]);
});
