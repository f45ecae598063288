// Names with several addresses: which of them are dead, and which only look it.

import { expect, test } from "vitest";
import { diagnosisOf as diagnose } from "../../../../../src/report/diagnosis.ts";
import type { EventBody } from "../../../../../src/schema/event.ts";
import { pathOf, TARGET, TARGET6 } from "../../../../builders/events.ts";
import { run } from "../../../../builders/runs.ts";
import { failed, NO_REPLY, passing, unconnected } from "../../../../builders/tcp.ts";

const FIRST = "192.0.2.81";

const named = (...addresses: readonly string[]): EventBody => ({
  kind: "target-addresses",
  addresses: addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
  basis: "literal",
  server: null,
});

const toFirst = (events: readonly EventBody[]) =>
  events.map((event) => (event.kind === "tcp-started" ? { ...event, address: FIRST } : event));

const SILENT = toFirst(unconnected(NO_REPLY, "t0"));
const again = (result: Parameters<typeof unconnected>[0]) =>
  toFirst(unconnected(result, "t2", { purpose: "other-address" }));

const judged = (names: EventBody, ...tcp: readonly EventBody[]) => {
  const { verdict, findings } = diagnose(pathOf(...run({ names: [names], tcp })));
  return [verdict, ...findings.map(({ cause, segment }) => `${cause} ${segment}`)];
};

const DEAD = ["degraded", "some-addresses-dead null"];
const TWO = named(FIRST, TARGET);

test("an address before the one that works is dead where two connections get no answer", () => {
  expect(judged(TWO, ...SILENT, ...passing("t1"), ...again(NO_REPLY))).toEqual(DEAD);
});

test("one that refuses is the destination's", () => {
  const refused = failed("ECONNREFUSED");
  const first = toFirst(unconnected(refused, "t0"));
  expect(judged(TWO, ...first, ...passing("t1"), ...again(refused))).toEqual([
    "degraded",
    "some-addresses-dead destination",
  ]);
});

test("one that was connected to once may have lost a packet", () => {
  expect(judged(TWO, ...SILENT, ...passing("t1"))[0]).not.toBe("degraded");
});

test("one that connects when it is tried again is not dead", () => {
  const later = toFirst(passing("t2", { purpose: "other-address" }));
  expect(judged(TWO, ...SILENT, ...passing("t1"), ...later)[0]).not.toBe("degraded");
});

test("an address behind the one that works is nobody's loss", () => {
  const names = named(TARGET, FIRST);
  expect(judged(names, ...passing("t1"), ...again(NO_REPLY))[0]).not.toBe("degraded");
});

test("dead IPv6 before IPv4 has a cause of its own, which says how to prefer IPv4", () => {
  const six = (name: string, purpose: "default" | "other-family") =>
    unconnected(NO_REPLY, name, { family: 6, purpose });
  const dead = [...six("t0", "default"), ...passing("t1"), ...six("t2", "other-family")];
  expect(judged(named(TARGET6, TARGET), ...dead)).toEqual([
    "degraded",
    "ipv6-preferred-but-dead null",
  ]);
});
