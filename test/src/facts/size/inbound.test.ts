// The inbound PMTU from the attempts: exact, a range, recovered, or not about size at all.

import { describe, expect, test } from "vitest";
import { inboundFacts } from "../../../../src/facts/size/inbound.ts";
import { fold } from "../../../../src/model/reduce.ts";
import type { EventBody } from "../../../../src/schema/event.ts";
import { numbered, pathOf, TARGET6, targetAddresses } from "../../../builders/events.ts";
import {
  connected,
  hanging,
  NO_REPLY,
  passing,
  recovering,
  stage,
  sweep,
  tcpInfo,
  unconnected,
} from "../../../builders/tcp.ts";

const factsOf = (...bodies: readonly EventBody[]) => inboundFacts(pathOf(...bodies));

describe("a default attempt that hangs", () => {
  test.each([1400, 1337, 1280, 589, 1499])("has an exact limit of %d bytes", (limit) => {
    const sizes = [576, limit, limit + 1].filter((bytes) => bytes < 1500);
    const facts = factsOf(...hanging("t1"), ...sweep(limit, sizes));
    expect(facts.estimate).toEqual({
      bytes: limit,
      exact: true,
      atLeast: limit,
      below: limit + 1,
      basis: "tcp",
      silent: true,
      reason: null,
    });
    expect(facts).toMatchObject({ hungIn: "tls", recoveredAfterMs: null, outOfOrder: true });
  });

  test("has an exact limit at the kernel's first guess of 536 bytes where a burst leaves it at that", () => {
    const facts = factsOf(...hanging("t1"), ...sweep(588, [576, 588, 589]));
    expect(facts.estimate).toMatchObject({ bytes: 588, exact: true, below: 589 });
  });

  test("has an exact limit of the smallest size though that, too, was slow at first", () => {
    const facts = factsOf(
      ...hanging("t1"),
      ...recovering("s1", 100, { offered: 576, received: 576 }),
      ...hanging("s2", { offered: 577 }),
    );
    expect(facts.estimate).toMatchObject({ bytes: 576, exact: true, below: 577 });
  });

  test("is exact over IPv6 too, and without timestamps", () => {
    const options = { family: 6, timestamps: false } as const;
    const facts = factsOf(
      targetAddresses(TARGET6),
      ...hanging("t1", options),
      ...sweep(1420, [576, 1420, 1421], options),
    );
    expect(facts.estimate).toMatchObject({ bytes: 1420, exact: true, below: 1421 });
  });

  test("keeps its limit when a PMTU that the kernel has cached meanwhile lowers what is offered", () => {
    const advMss = 1400 - 40 - 12;
    const facts = factsOf(
      ...hanging("t1"),
      ...sweep(1400, [576, 1400, 1401]),
      ...passing("late", { offered: 1412, received: 1400, info: { advMss } }),
    );
    expect(facts.estimate).toMatchObject({ bytes: 1400, exact: true, below: 1401 });
  });

  test("is about nothing where no smaller size could be asked for", () => {
    const reason = "a connection needs TCP_MAXSEG (ENOPROTOOPT)";
    const facts = factsOf(...hanging("t1"), { kind: "probe-skipped", probe: "mss-sweep", reason });
    expect(facts.everySizeHangs).toBe(false);
    expect(facts.estimate.reason).toBe(`no smaller size was asked for: ${reason}`);
  });

  test("has a range when SYN cookies round the offer down", () => {
    // An offered MSS of 1439 becomes 1300, one of 1440 stays: 1340 and 1480 bytes on the wire.
    const facts = factsOf(
      ...hanging("t1"),
      ...passing("s1", { offered: 1479, received: 1340 }),
      ...hanging("s2", { offered: 1480 }),
    );
    expect(facts.estimate).toEqual({
      bytes: null,
      exact: false,
      atLeast: 1340,
      below: 1480,
      basis: "tcp",
      silent: true,
      reason: "between 1340 and 1479 bytes",
    });
    expect(facts.interval).toMatchObject({ passed: 1479, failed: 1480, lost: [] });
  });

  test("has that range too when the server was slow once in what it then sent small", () => {
    const slow = recovering("s1", 20, { offered: 1479, received: 1340 });
    const events = [...hanging("t1"), ...slow, ...hanging("s2", { offered: 1480 })];
    const later = (atMs: number) =>
      numbered(events).map((event) =>
        "attempt" in event && event.attempt === "s2" ? { ...event, atMs } : event,
      );
    expect(inboundFacts(fold(later(1000)))).toMatchObject({
      cached: false,
      estimate: { atLeast: 1340, below: 1480, silent: true },
    });
    // Begun before the first went on, it proves nothing: the server may have a cached PMTU by now.
    expect(inboundFacts(fold(later(30)))).toMatchObject({ cached: true });
  });

  test("has a range when the sizes between were not probed", () => {
    const facts = factsOf(...hanging("t1"), ...sweep(1400, [576, 1280, 1440]));
    expect(facts.estimate).toMatchObject({ bytes: null, exact: false, atLeast: 1280, below: 1440 });
  });

  test("has no lower bound when the answers were too small to show a size", () => {
    const small = { offered: 1280, info: { rcvMss: 536 }, received: 500 };
    const facts = factsOf(...hanging("t1"), ...passing("s1", small));
    expect(facts.estimate).toMatchObject({ bytes: null, atLeast: null, below: 1500, silent: true });
  });

  test("is not about size when the smallest hangs too", () => {
    const facts = factsOf(...hanging("t1"), ...sweep(0, [576, 1280, 1400]));
    expect(facts.everySizeHangs).toBe(true);
    expect(facts.estimate).toMatchObject({ bytes: null, below: null, silent: false });
    expect(facts.estimate.reason).toContain("not about size");
  });

  test("does not claim that every size hangs before any was probed", () => {
    expect(factsOf(...hanging("t1"))).toMatchObject({ everySizeHangs: false, hungIn: "tls" });
  });

  test("shows no gap when nothing came out of order", () => {
    const facts = factsOf(
      ...hanging("t1", { info: { rcvOooPack: 0 } }),
      ...sweep(1400, [1400, 1401], { info: { rcvOooPack: 0 } }),
    );
    expect(facts.outOfOrder).toBe(false);
    expect(facts.estimate).toMatchObject({ bytes: 1400, exact: true });
  });

  test("calls a size below one that passed lost, not a limit", () => {
    const facts = factsOf(
      ...hanging("t1"),
      ...hanging("s0", { offered: 1280 }),
      ...sweep(1400, [576, 1300, 1340, 1400, 1401, 1401, 1401, 1401]),
    );
    expect(facts.interval).toMatchObject({ passed: 1400, failed: 1401, lost: [1280] });
    expect(facts.estimate).toMatchObject({ bytes: 1400, exact: true });
  });

  test("points at both sides of the limit and at the hang", () => {
    const bodies = [...hanging("t1"), ...sweep(1400, [576, 1280, 1400, 1401])];
    const events = numbered(bodies);
    const ids = (attempt: string) =>
      events.filter((event) => "attempt" in event && event.attempt === attempt).map(({ id }) => id);
    const { evidence } = factsOf(...bodies);
    for (const attempt of ["t1", "s3", "s4"]) {
      expect(evidence.some((id) => ids(attempt).includes(id))).toBe(true);
    }
    expect(evidence.some((id) => [...ids("s1"), ...ids("s2")].includes(id))).toBe(false);
  });

  test("in the answer rather than in the handshake is judged at that stage", () => {
    const stalled = tcpInfo({ rcvOooPack: 1, bytesReceived: 0 });
    const hangsInHttp = (attempt: string, offered: number | null): readonly EventBody[] => [
      ...connected(attempt, { offered }),
      { kind: "tcp-stalled", attempt, stage: "http", sinceStartMs: 60, info: stalled },
      stage(attempt, "http", 5000, NO_REPLY, stalled),
    ];
    const facts = factsOf(
      ...hangsInHttp("t1", null),
      ...passing("s1", { offered: 1400 }),
      ...hangsInHttp("s2", 1401),
    );
    expect(facts).toMatchObject({ hungIn: "http", estimate: { bytes: 1400, exact: true } });
  });
});

describe("a hang that recovers", () => {
  test.each([100, 3000])("after %d ms reports how long it lasted", (afterMs) => {
    const facts = factsOf(...recovering("t1", afterMs, { received: 1400 }));
    expect(facts).toMatchObject({ hungIn: "tls", recoveredAfterMs: afterMs });
    expect(facts.estimate).toMatchObject({ bytes: 1400, below: null, silent: false });
  });

  test("counts the observed segment size as passed, not the offered one", () => {
    const facts = factsOf(
      ...recovering("t1", 3000, { received: 1064 }),
      ...sweep(1400, [576, 1400, 1401]),
    );
    expect(facts.interval).toMatchObject({ passed: 1400, failed: 1401, lost: [] });
    expect(facts.estimate).toMatchObject({ bytes: 1400, exact: true, silent: true });
    expect(facts.recoveredAfterMs).toBe(3000);
  });

  test("of a sweep's attempt is no failure of that size", () => {
    const facts = factsOf(
      ...recovering("t1", 100, { received: 1400 }),
      ...recovering("s1", 100, { offered: 1440, received: 1400 }),
      ...passing("s2", { offered: 1280 }),
    );
    expect(facts.interval).toMatchObject({ passed: 1400, failed: null, lost: [] });
  });
});

describe("a default attempt that gets its answer", () => {
  test("shows the largest packet received, with no limit in sight", () => {
    expect(factsOf(...passing("t1")).estimate).toEqual({
      bytes: 1500,
      exact: false,
      atLeast: 1500,
      below: null,
      basis: "tcp",
      silent: false,
      reason: null,
    });
  });

  test("shows what a server with a small MTU sends, and calls it no limit", () => {
    const { estimate, hungIn } = factsOf(...passing("t1", { received: 1380 }));
    expect(hungIn).toBeNull();
    expect(estimate).toMatchObject({ bytes: 1380, below: null, exact: false, silent: false });
  });

  test("knows no size when the answer fitted into a small segment", () => {
    const { estimate } = factsOf(...passing("t1", { received: 300 }));
    expect(estimate).toMatchObject({ bytes: null, atLeast: null, basis: "unknown" });
    expect(estimate.reason).toContain("small segments");
  });
});

describe("without data", () => {
  test.each([
    { what: "nothing connected to", bodies: [] },
    { what: "a SYN without an answer", bodies: unconnected(NO_REPLY) },
    { what: "a connection and no more", bodies: connected("t1") },
  ])("$what leaves the size unknown with a reason", ({ bodies }) => {
    const facts = factsOf(...bodies);
    expect(facts.estimate).toMatchObject({ bytes: null, atLeast: null, basis: "unknown" });
    expect(facts.estimate.reason).not.toBeNull();
    expect(facts.hungIn).toBeNull();
  });

  test("a sweep without a default attempt has no result", () => {
    expect(factsOf(...sweep(1400, [1400, 1401])).estimate.basis).toBe("unknown");
  });
});

test("the last default attempt counts: the first may have been of the other family", () => {
  const facts = factsOf(
    ...unconnected(NO_REPLY, "t1", { family: 6 }),
    ...hanging("t2"),
    ...sweep(1400, [1400, 1401]),
  );
  expect(facts.estimate).toMatchObject({ bytes: 1400, exact: true });
});
