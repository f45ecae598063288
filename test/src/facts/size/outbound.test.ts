// The outbound PMTU from UDP answers, ICMP size errors and acknowledged TCP data.

import { describe, expect, test } from "vitest";
import { outboundFacts } from "../../../../src/facts/size/outbound.ts";
import type { EventBody } from "../../../../src/schema/event.ts";
import { lookup, numbered, pathOf, TARGET6, targetAddresses } from "../../../builders/events.ts";
import {
  control,
  exceeded,
  fromTarget,
  hops,
  NO_REPLY,
  probeSent,
  reportedTooBig,
  size,
} from "../../../builders/probes.ts";
import { flight, passing, upload } from "../../../builders/tcp.ts";

const HOST = "198.51.100.1";
const FAR = "203.0.113.129";
const to = [targetAddresses(), lookup()];
const factsOf = (...bodies: readonly EventBody[]) => outboundFacts(pathOf(...to, ...bodies));

/** Silences at full size, the control after each of them answered or not. */
const silent = (times: number, after = control()) =>
  Array.from({ length: times }, () => [size(1500, NO_REPLY), after]).flat();

describe("fragmentation needed messages", () => {
  test("are exact when the size they name passes", () => {
    const facts = factsOf(
      control(),
      size(1500, reportedTooBig(HOST, 1400)),
      size(1400, fromTarget()),
      size(1401, reportedTooBig(HOST, 1400)),
    );
    expect(facts).toMatchObject({ limitReportedBy: HOST, decided: true });
    expect(facts.estimate).toEqual({
      bytes: 1400,
      exact: true,
      atLeast: 1400,
      below: 1401,
      basis: "icmp",
      silent: false,
      reason: null,
    });
  });

  test("that nothing confirms are reported as named only", () => {
    const { estimate } = factsOf(control(), size(1500, reportedTooBig(HOST, 1400)));
    expect(estimate).toMatchObject({ bytes: 1400, exact: false, below: 1500 });
    expect(estimate.reason).toContain(HOST);
  });

  test("are not believed when something larger passed", () => {
    const facts = factsOf(
      control(),
      size(1500, reportedTooBig(HOST, 1280)),
      size(1280, fromTarget()),
      size(1281, fromTarget()),
      ...upload("u1", 1500, true),
    );
    expect(facts.limitReportedBy).toBeNull();
    expect(facts.estimate).toMatchObject({ bytes: 1500, below: null, silent: false });
  });

  test("that name no smaller size than they refuse are not believed", () => {
    const { estimate, limitReportedBy: tooBigFrom } = factsOf(
      control(),
      size(1500, reportedTooBig(HOST, 1500)),
    );
    expect(tooBigFrom).toBeNull();
    expect(estimate.below).toBeNull();
  });

  test("of several hops count by the smallest", () => {
    const facts = factsOf(
      control(),
      size(1500, reportedTooBig(HOST, 1492)),
      size(1492, reportedTooBig(FAR, 1480)),
      size(1480, fromTarget()),
      size(1481, reportedTooBig(FAR, 1480)),
    );
    expect(facts.limitReportedBy).toBe(FAR);
    expect(facts.estimate).toMatchObject({ bytes: 1480, exact: true, below: 1481 });
  });

  test("can only be counted on IPv6, and are exact with an answered neighbour", () => {
    const family = 6;
    const probe = (sizeBytes: number, more: Parameters<typeof probeSent>[0]) =>
      probeSent(more, { purpose: "size", sizeBytes, address: TARGET6 });
    const counted = (sizeBytes: number) =>
      ({ kind: "too-big-counted", family, sizeBytes, count: 1 }) as const;
    const answered = fromTarget(TARGET6);
    const seen = [
      targetAddresses(TARGET6),
      lookup(undefined, { address: TARGET6, family }),
      probe(1500, NO_REPLY),
      counted(1500),
      probe(1400, answered),
    ];
    const open = outboundFacts(pathOf(...seen));
    expect(open.estimate).toMatchObject({ bytes: null, atLeast: 1400, below: 1500, basis: "icmp" });
    const closed = outboundFacts(pathOf(...seen, probe(1401, NO_REPLY), counted(1401)));
    expect(closed.estimate).toMatchObject({ bytes: 1400, exact: true, below: 1401, silent: false });
    expect(closed.decided).toBe(true);
  });
});

describe("silence", () => {
  test("is exact with TCP data that passed and failed next to each other", () => {
    const facts = factsOf(control(), ...upload("u1", 1400, true), ...upload("u2", 1401, false));
    expect(facts.estimate).toEqual({
      bytes: 1400,
      exact: true,
      atLeast: 1400,
      below: 1401,
      basis: "tcp",
      silent: true,
      reason: null,
    });
  });

  test("of one TCP connection alone is no limit: loss does that too", () => {
    const { estimate } = factsOf(...upload("u1", 1499, true), ...flight("u2", 1500, false));
    expect(estimate).toMatchObject({ atLeast: 1499, below: null, exact: false, silent: false });
  });

  test("is a range when only TCP sizes further apart were probed", () => {
    const { estimate } = factsOf(...upload("u1", 1280, true), ...upload("u2", 1500, false));
    expect(estimate).toMatchObject({ bytes: null, atLeast: 1280, below: 1500, silent: true });
  });

  test("of every TCP size is no size limit", () => {
    const { estimate } = factsOf(...upload("u1", 576, false), ...upload("u2", 1500, false));
    expect(estimate).toMatchObject({ silent: false, atLeast: null });
  });

  test("counts with UDP alone when a size was silent three times beside an answered control", () => {
    const facts = factsOf(control(), ...silent(3));
    expect(facts.estimate).toMatchObject({ basis: "silence", silent: true, below: 1500 });
    expect(facts.estimate).toMatchObject({ bytes: null, exact: false });
    expect(facts.decided).toBe(false);
  });

  test("does not count once or twice, nor without an answered control", () => {
    expect(factsOf(control(), ...silent(1)).estimate.silent).toBe(false);
    expect(factsOf(control(), ...silent(2)).estimate.silent).toBe(false);
    const unanswered = [control(), ...silent(3, control(NO_REPLY))];
    expect(factsOf(...unanswered).estimate).toMatchObject({ silent: false, below: null });
  });

  test("takes more silences where packets of any size are lost", () => {
    const syn = (lost: boolean) =>
      probeSent(lost ? NO_REPLY : fromTarget(), { protocol: "tcp", purpose: "loss" });
    const syns = (lost: number) => Array.from({ length: 40 }, (_, n) => syn(n < lost));
    const isSilent = (times: number, lost: number) =>
      factsOf(control(), ...silent(times), ...syns(lost)).estimate.silent;
    expect([isSilent(3, 3), isSilent(3, 16), isSilent(7, 16), isSilent(8, 16)]).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  test("of a size that TCP data then carried is none", () => {
    const facts = factsOf(control(), ...silent(3), ...upload("u1", 1500, true));
    expect(facts.estimate).toMatchObject({ bytes: 1500, silent: false, basis: "tcp" });
  });

  test("begins between the last hop that takes full packets and the next", () => {
    const facts = factsOf(
      control(),
      ...hops([HOST, FAR, "203.0.113.193"]),
      ...silent(3),
      size(1500, exceeded(HOST), 1),
      size(1500, NO_REPLY, 2),
      size(1500, NO_REPLY, 3),
    );
    expect(facts.vanishes).toEqual({ afterTtl: 1, beforeTtl: 2 });
  });

  test("of a hop before one that takes full packets locates nothing", () => {
    const facts = factsOf(
      control(),
      ...hops([HOST, FAR, "203.0.113.193"]),
      size(1500, NO_REPLY, 2),
      size(1500, exceeded("203.0.113.193"), 3),
    );
    expect(facts.vanishes).toBeNull();
  });

  test("of a hop that answers nothing at all locates nothing", () => {
    const facts = factsOf(
      control(),
      ...hops([HOST, null]),
      size(1500, exceeded(HOST), 1),
      size(1500, NO_REPLY, 2),
    );
    expect(facts.vanishes).toBeNull();
  });
});

describe("without a limit", () => {
  test("the answered full size is what passes", () => {
    const facts = factsOf(control(), size(1500, fromTarget()));
    expect(facts.estimate).toMatchObject({ bytes: 1500, below: null, basis: "icmp" });
    expect(facts.decided).toBe(true);
  });

  test("a target that is silent leaves it open while its routers answer", () => {
    const facts = factsOf(
      control(NO_REPLY),
      ...hops([HOST, FAR], false),
      size(1500, exceeded(FAR), 2),
    );
    expect(facts.estimate).toMatchObject({ bytes: null, basis: "unknown", silent: false });
    expect(facts.decided).toBe(false);
  });

  test("nothing sent means nothing known, with a reason", () => {
    const facts = factsOf();
    expect(facts.estimate).toMatchObject({ bytes: null, basis: "unknown" });
    expect(facts.estimate.reason).not.toBeNull();
    expect(facts.decided).toBe(false);
  });

  test("probes to another address do not count", () => {
    const other = probeSent(fromTarget("192.0.2.99"), {
      purpose: "size",
      sizeBytes: 1500,
      address: "192.0.2.99",
    });
    expect(factsOf(other).estimate.bytes).toBeNull();
  });
});

test("every id of the evidence is an event's", () => {
  const bodies = [
    ...to,
    ...passing("t1"),
    control(),
    ...silent(3),
    ...upload("u1", 1400, true),
    ...upload("u2", 1401, false),
  ];
  const ids = numbered(bodies).map(({ id }) => id);
  const { evidence } = outboundFacts(pathOf(...bodies));
  expect(evidence.length).toBeGreaterThan(0);
  expect(evidence.filter((id) => !ids.includes(id))).toEqual([]);
});
