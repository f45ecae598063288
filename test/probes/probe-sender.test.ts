// Batches of UDP probes: each is reported once, with its own answer or with none.

import { describe, expect, test } from "vitest";
import type { Answer, Outgoing, Transport } from "../../probes/native/transport.ts";
import { cookieOf } from "../../probes/packet/cookie.ts";
import { createProbeSender, type ProbeSpec } from "../../probes/probe-sender.ts";
import type { ProbeOutcome } from "../../src/schema/events/probe.ts";
import { virtualClock } from "../builders/clock.ts";
import { testContext } from "../builders/context.ts";
import { TARGET } from "../builders/events.ts";
import { exceeded } from "../builders/probes.ts";

type Heard = Pick<Answer, "cookie" | "outcome">;

/** Answers each probe after a delay; null: never. A string: the kernel refuses to send. */
function prober(
  now: () => number,
  reply: (sent: Outgoing, n: number) => { afterMs: number; answer: Heard } | string | null,
) {
  const due: { atMs: number; answer: Heard }[] = [];
  const sent: Outgoing[] = [];
  const fake: Transport = {
    protocol: "udp",
    smallestBytes: 36,
    cachesAbove: null,
    send: (probe) => {
      sent.push(probe);
      const made = reply(probe, sent.length);
      if (typeof made === "string") return made;
      if (made !== null) due.push({ atMs: now() + made.afterMs, answer: made.answer });
      return null;
    },
    drain: () => {
      const ready = due.filter(({ atMs }) => atMs <= now());
      for (const one of ready) due.splice(due.indexOf(one), 1);
      return ready.map(({ answer }) => ({ ...answer, labels: [], quote: null }));
    },
    close: () => undefined,
  };
  return { fake, sent };
}

const hop = (ttl: number): ProbeSpec => ({ purpose: "hop", ttl, sizeBytes: 36 });
const router = (ttl: number) => exceeded(`203.0.113.${ttl}`);
const kinds = (asked: readonly { outcome: ProbeOutcome }[]) =>
  asked.map(({ outcome }) => outcome.kind);

function setUp(reply: Parameters<typeof prober>[1], signal?: AbortSignal) {
  const clock = virtualClock();
  const context = testContext([], clock, signal);
  const { fake, sent } = prober(clock.now, reply);
  let marks = 0;
  const nextCookie = () => {
    marks += 1;
    return cookieOf(7, marks);
  };
  const options = { address: TARGET, nextCookie, runStartMs: 0 };
  return { send: createProbeSender(fake, context, options), context, sent, clock };
}

describe("a batch", () => {
  test("gives each probe its own answer, in whatever order they come", async () => {
    const { send: spec, context } = setUp(({ cookie, ttl }) => ({
      afterMs: 50 - 10 * ttl,
      answer: { cookie, outcome: router(ttl) },
    }));
    const asked = await spec([1, 2, 3].map(hop), 250);
    expect(new Map(asked.map(({ ttl, outcome }) => [ttl, outcome]))).toEqual(
      new Map([1, 2, 3].map((ttl) => [ttl, router(ttl)])),
    );
    expect(context.path().probes.map(({ ttl }) => ttl)).toEqual([3, 2, 1]);
  });

  test("is over as soon as everything is answered, and not before the wait is over", async () => {
    const answered = setUp(({ cookie }) => ({
      afterMs: 5,
      answer: { cookie, outcome: router(1) },
    }));
    await answered.send([hop(1)], 250);
    expect(answered.clock.now()).toBeLessThan(10);
    const silent = setUp(() => null);
    const asked = await silent.send([hop(1), hop(2)], 250);
    expect(kinds(asked)).toEqual(["no-reply", "no-reply"]);
    expect(silent.clock.now()).toBeGreaterThanOrEqual(250);
  });

  test("is over when all that is left is overdue, and a later answer still counts", async () => {
    const {
      send: spec,
      context,
      clock,
    } = setUp(({ cookie, ttl }) => ({
      afterMs: ttl === 1 ? 100 : 5,
      answer: { cookie, outcome: router(ttl) },
    }));
    const overdue = ({ ttl }: ProbeSpec, waitedMs: number, answered: readonly ProbeSpec[]) =>
      waitedMs > 20 && answered.some((one) => one.ttl > ttl);
    expect(kinds(await spec([hop(1), hop(2)], 250, overdue))).toEqual([
      "time-exceeded",
      "no-reply",
    ]);
    expect(clock.now()).toBeLessThan(30);
    await spec([hop(3)], 250);
    await clock.sleep(100);
    await spec([hop(4)], 1);
    const [first] = context.path().probes.filter(({ ttl }) => ttl === 1);
    expect(first?.outcome).toEqual(router(1));
  });

  test("reports a probe that the kernel refused as not sent, and goes on", async () => {
    const { send: spec } = setUp(({ cookie, ttl }) =>
      ttl === 1 ? "EMSGSIZE" : { afterMs: 1, answer: { cookie, outcome: router(2) } },
    );
    const asked = await spec([hop(1), hop(2)], 250);
    expect(asked[0]?.outcome).toEqual({ kind: "send-failed", error: "EMSGSIZE" });
    expect(asked[1]?.outcome.kind).toBe("time-exceeded");
  });

  test("marks every probe with the session and a number of its own", async () => {
    const { send: spec, sent } = setUp(() => null);
    await spec([hop(1), hop(2)], 5);
    await spec([hop(3)], 5);
    expect(sent.map(({ cookie }) => cookie)).toEqual([0x70001, 0x70002, 0x70003]);
  });

  test("emits one event for each probe, with the time at which it left", async () => {
    const { send: spec, context } = setUp(() => null);
    const ttls = Array.from({ length: 11 }, (_, n) => n + 1);
    await spec(ttls.map(hop), 100);
    const { probes } = context.path();
    expect(probes).toHaveLength(11);
    expect(probes[0]).toMatchObject({
      address: TARGET,
      purpose: "hop",
      sizeBytes: 36,
      sentAtMs: 0,
    });
    // More than ten do not leave at once.
    expect(probes[9]?.sentAtMs).toBe(0);
    expect(probes[10]?.sentAtMs).toBeGreaterThan(0);
  });
});

describe("an answer", () => {
  test("that comes twice counts once", async () => {
    const { send: spec, context } = setUp(({ cookie }) => ({
      afterMs: 1,
      answer: { cookie, outcome: router(1) },
    }));
    await spec([hop(1)], 50);
    await spec([hop(2)], 50);
    expect(context.path().probes).toHaveLength(2);
  });

  test("of another run is nobody's", async () => {
    const stranger = { cookie: 0x90001, outcome: router(1) };
    const { send: spec } = setUp(() => ({ afterMs: 1, answer: stranger }));
    expect(kinds(await spec([hop(1)], 50))).toEqual(["no-reply"]);
  });

  test("that comes after its wait changes nothing of the next batch, and is not lost", async () => {
    const { send: spec, context } = setUp(({ cookie, ttl }) =>
      ttl === 1 ? { afterMs: 80, answer: { cookie, outcome: router(1) } } : null,
    );
    expect(kinds(await spec([hop(1)], 50))).toEqual(["no-reply"]);
    expect(kinds(await spec([hop(2)], 100))).toEqual(["no-reply"]);
    expect(kinds(context.path().probes)).toEqual(["time-exceeded", "no-reply"]);
  });

  test("without a cookie belongs to the only probe that is out, and to none of several", async () => {
    const { send: spec } = setUp(() => ({
      afterMs: 20,
      answer: { cookie: undefined, outcome: router(9) },
    }));
    expect(kinds(await spec([hop(1)], 50))).toEqual(["time-exceeded"]);
    expect(kinds(await spec([hop(2), hop(3)], 50))).toEqual(["no-reply", "no-reply"]);
  });
});

test("a run that is stopped sends nothing more, and tells what was out as not answered", async () => {
  const stop = new AbortController();
  const {
    send: spec,
    sent,
    context,
  } = setUp((_, n) => {
    if (n === 2) stop.abort();
    return null;
  }, stop.signal);
  const asked = await spec([1, 2, 3, 4].map(hop), 60_000);
  expect(sent).toHaveLength(2);
  expect(kinds(asked)).toEqual(["no-reply", "no-reply"]);
  expect(context.clock.now()).toBeLessThan(10);
});
