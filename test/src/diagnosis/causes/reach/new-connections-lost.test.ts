// Connection requests that are lost: they alone, all packets, the same ports each time, or only at our pace.

import { describe, expect, test } from "vitest";
import { diagnosisOf as diagnose } from "../../../../../src/report/diagnosis.ts";
import type { EventBody } from "../../../../../src/schema/event.ts";
import type { ProbeOutcome } from "../../../../../src/schema/events/probe.ts";
import { pathOf, TARGET } from "../../../../builders/events.ts";
import { exceeded, fromTarget, hops, NO_REPLY, probeSent } from "../../../../builders/probes.ts";
import { run } from "../../../../builders/runs.ts";

const SYN_ACK: ProbeOutcome = {
  kind: "reply",
  with: "syn-ack",
  from: TARGET,
  rttMs: 4,
  replyTtl: null,
};

/** So many SYNs, the first of them without an answer. */
const syns = (lost: number, sent: number) =>
  Array.from({ length: sent }, (_, n) =>
    probeSent(n < lost ? NO_REPLY : SYN_ACK, { protocol: "tcp", purpose: "loss" }),
  );

/** Ten UDP probes to the target in the rounds, so many of them without an answer. */
const rounds = (lost: number) =>
  Array.from({ length: 10 }, (_, n) =>
    probeSent(n < lost ? NO_REPLY : fromTarget(), { ttl: 2, purpose: "loss" }),
  );

const open = (roundTrips: number, repeated: number): EventBody => ({
  kind: "open-flow",
  address: TARGET,
  family: 4,
  port: 443,
  begun: 1,
  roundTrips,
  repeated,
  ms: 10_000,
});

interface Seen {
  readonly fast: number;
  readonly slow: number;
  readonly udp?: number;
  readonly flow?: readonly [number, number];
}

const found = ({ fast, slow, udp = 10, flow }: Seen) => {
  const events = [...hops(["192.0.2.1"]), ...syns(fast, 40), ...rounds(udp), ...syns(slow, 9)];
  const opened = flow === undefined ? [] : [open(...flow)];
  const { findings } = diagnose(pathOf(...run({ udp: [...events, ...opened] })));
  return findings.map(({ cause, severity }) => `${cause} ${severity}`);
};

const LOST = ["new-connections-lost warning"];
const LOSS = ["path-loss warning"];

describe("of 40 SYNs and of nine slow ones", () => {
  test.each([
    {
      what: "half, at any pace, and no data",
      seen: { fast: 20, slow: 4, flow: [200, 0] },
      is: LOST,
    },
    {
      what: "all of first tries, and no data",
      seen: { fast: 40, slow: 9, flow: [200, 0] },
      is: LOST,
    },
    { what: "a tenth, and no data of much", seen: { fast: 4, slow: 1, flow: [200, 0] }, is: LOST },
    { what: "half, and half of the data", seen: { fast: 20, slow: 4, flow: [20, 15] }, is: LOSS },
    // Seen where 30 % are lost each way: nine of nine are spared in one of some hundred runs.
    {
      what: "half, and half of the data, and by chance no slow one",
      seen: { fast: 24, slow: 0, flow: [26, 27] },
      is: LOSS,
    },
    {
      what: "a tenth, and little was sent beside",
      seen: { fast: 4, slow: 1, flow: [20, 0] },
      is: LOSS,
    },
    // A path that is dead for a part of all flows: the open one is of those that live.
    {
      what: "half, and half of UDP",
      seen: { fast: 20, slow: 4, udp: 5, flow: [200, 0] },
      is: LOSS,
    },
    { what: "half, and nothing was sent beside", seen: { fast: 20, slow: 4 }, is: LOSS },
    {
      what: "most of the fast ones alone",
      seen: { fast: 33, slow: 0, flow: [200, 0] },
      is: ["new-connections-lost note"],
    },
    { what: "none", seen: { fast: 0, slow: 0, flow: [200, 0] }, is: [] },
  ] satisfies readonly { what: string; seen: Seen; is: readonly string[] }[])(
    "$what: $is",
    ({ seen, is }) => {
      expect(found(seen).filter((one) => !one.startsWith("hop-silent"))).toEqual(is);
    },
  );
});

describe("source ports that are dead each time", () => {
  const flows = Array.from({ length: 8 }, (_, n) =>
    Array.from({ length: 4 }, () =>
      probeSent(n < 3 ? NO_REPLY : SYN_ACK, {
        protocol: "tcp",
        purpose: "flow",
        flow: n + 1,
        sourcePort: 40_000 + n,
      }),
    ),
  ).flat();
  const seenBy = (...routers: readonly string[]) =>
    Array.from({ length: 4 }, (_, n) => {
      const router = routers[n];
      return probeSent(router === undefined ? NO_REPLY : exceeded(router), {
        protocol: "tcp",
        flow: 1,
        ttl: n + 1,
      });
    });
  const judged = (...routers: readonly string[]) => {
    const events = [...hops(["192.0.2.1", "192.0.2.2"]), ...flows, ...seenBy(...routers)];
    const { findings } = diagnose(pathOf(...run({ udp: events })));
    return findings.map(({ cause }) => cause);
  };

  test("and seen by all routers are lost by what is behind them", () => {
    expect(judged("192.0.2.1", "192.0.2.2")).toEqual(["new-connections-lost"]);
  });

  test("and not seen by the last router end at a dead branch", () => {
    expect(judged("192.0.2.1")).toEqual(["ecmp-branch-broken"]);
  });
});
