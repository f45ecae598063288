// Which fields original datagrams show rewritten, and between which hops; none where they contradict each other.

import { describe, expect, test } from "vitest";
import { seenRewrites } from "../../../../src/facts/reach/original-datagrams.ts";
import { diagnosisOf as diagnose } from "../../../../src/report/diagnosis.ts";
import type { OriginalDatagram, Rewritten } from "../../../../src/schema/events/probe.ts";
import { pathOf, TARGET } from "../../../builders/events.ts";
import { exceeded, fromTarget, probeSent } from "../../../builders/probes.ts";
import { run } from "../../../builders/runs.ts";

const US = "172.27.130.9";

function original(
  rewritten: readonly Rewritten[] = [],
  more: Partial<OriginalDatagram> = {},
): OriginalDatagram {
  return {
    source: US,
    destination: TARGET,
    ttl: 1,
    trafficClass: 0,
    sizeBytes: 36,
    sourcePort: 40_000,
    destinationPort: 33_434,
    mss: null,
    quotedBytes: 36,
    rewritten,
    ...more,
  };
}

const NAT: Rewritten = { field: "source", sent: US, quoted: "203.0.113.200" };
const CLAMP: Rewritten = { field: "mss", sent: 1460, quoted: 1360 };

const hop = (ttl: number, original: OriginalDatagram | null, protocol: "udp" | "tcp" = "udp") =>
  probeSent(exceeded(`203.0.113.${ttl}`), { ttl, quote: original, protocol });
const seen = (...probes: readonly ReturnType<typeof hop>[]) =>
  seenRewrites(pathOf(...run({ udp: probes })));

describe("a field", () => {
  test("is rewritten between the last hop that returns it as sent and the first that does not", () => {
    expect(
      seen(hop(1, original()), hop(3, original([NAT])), hop(4, original([NAT]))),
    ).toMatchObject([{ field: "source", sent: US, quoted: "203.0.113.200", after: 1, ttl: 3 }]);
  });

  test("that the first hop returns rewritten was rewritten before it or in it", () => {
    expect(seen(hop(1, original([NAT])))).toMatchObject([{ after: 0, ttl: 1 }]);
  });

  test("that a later hop returns as sent is ambiguous", () => {
    expect(seen(hop(1, original([NAT])), hop(2, original()))).toEqual([]);
  });

  test("that an original datagram does not hold proves nothing about that hop", () => {
    const short = original([], { mss: null, quotedBytes: 28 });
    const whole = original([], { mss: 1460 });
    const clamped = original([CLAMP], { mss: 1360 });
    const probes = [hop(1, whole, "tcp"), hop(2, short, "tcp"), hop(3, clamped, "tcp")];
    expect(seen(...probes)).toMatchObject([{ field: "mss", after: 1, ttl: 3 }]);
    expect(seen(...probes, hop(4, short, "tcp"))).toMatchObject([{ field: "mss", after: 1 }]);
  });

  test("is judged for each protocol, and reported once", () => {
    const probes = [hop(1, original()), hop(2, original([NAT])), hop(2, original([NAT]), "tcp")];
    expect(seen(...probes)).toMatchObject([{ field: "source", after: 1, ttl: 2 }]);
  });

  test("whose change only a checksum shows is not reported", () => {
    const rewritten: Rewritten = { field: "checksum", sent: 1, quoted: 2 };
    expect(seen(hop(1, original()), hop(2, original([rewritten])))).toEqual([]);
  });
});

test("the target's own original datagram counts, another protocol's silence does not", () => {
  const own = probeSent(fromTarget(), { ttl: 3, quote: original([NAT]) });
  expect(seen(hop(1, original()), hop(2, null), own)).toMatchObject([{ after: 1, ttl: 3 }]);
});

test("the chain reports it at the hop, with both original datagrams as evidence", () => {
  const probes = [hop(1, original()), hop(2, original()), hop(3, original([NAT]))];
  const { chain } = diagnose(pathOf(...run({ udp: probes })));
  const third = chain.find(({ ttl }) => ttl === 3);
  expect(third?.reason).toBe(
    `returns our probe with source 203.0.113.200 instead of ${US}: a NAT between hop 2 and hop 3`,
  );
  expect(third?.evidence.length).toBeGreaterThan(1);
});
