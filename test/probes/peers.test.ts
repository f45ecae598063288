// Cases that other probers test themselves with, by their meaning and with expectations of our own: NextTrace's
// path MTU runs, scamper's PMTUD fixtures, trippy's gaps and orders.

import { describe, expect, test } from "vitest";
import { sweepTtl } from "../../probes/hops/ttl-sweep.ts";
import type { Outgoing, Transport } from "../../probes/native/transport.ts";
import { cookieOf } from "../../probes/packet/cookie.ts";
import { type OutboundInput, sweepCandidates, sweepOutbound } from "../../probes/pmtu/outbound.ts";
import { createProbeSender } from "../../probes/probe-sender.ts";
import { sizesOf } from "../../src/facts/size/hop-mtus.ts";
import { outboundFacts } from "../../src/facts/size/outbound.ts";
import type { EventBody } from "../../src/schema/event.ts";
import { virtualClock } from "../builders/clock.ts";
import { testContext } from "../builders/context.ts";
import {
  BEHIND_NAT,
  lookup,
  pathOf,
  runStarted,
  TARGET,
  targetAddresses,
} from "../builders/events.ts";
import { type Network, router, simulate } from "../builders/network.ts";
import {
  control,
  exceeded,
  fromTarget,
  NO_REPLY,
  probeSent,
  reportedTooBig,
  size,
} from "../builders/probes.ts";

const SMALL_BYTES = 36;
const ROUTER = router(1);

/** The sizes that a sweep sent to the target, and the estimate. */
async function sweep(network: Network, candidates: readonly number[] = []) {
  const context = testContext([targetAddresses(), lookup(), control()]);
  const { ask: send, probes, packetTooBigCount: tooBigCount } = simulate(network, context);
  const input: OutboundInput = {
    family: 4,
    target: TARGET,
    linkMtu: network.links[0]?.mtu ?? 0,
    smallBytes: SMALL_BYTES,
    ttl: 64,
    isTarget: true,
    hops: [],
    candidates,
    waitMs: 250,
    packetTooBigCount: tooBigCount,
  };
  await sweepOutbound(send, context, input);
  await sweepCandidates(send, context, input);
  const sizes = probes.filter(({ purpose }) => purpose === "size");
  const { estimate } = outboundFacts(context.path());
  return { estimate, asked: sizes.map(({ sizeBytes, ttl }) => [sizeBytes, ttl]) };
}

const links = (...mtus: readonly number[]) => mtus.map((mtu) => ({ mtu, says: true }));

/** The report's sizes after a run of these probes. */
function sizes(linkMtu: number, ...bodies: readonly EventBody[]) {
  const started = { ...runStarted(), command: "mtu" as const };
  const route = lookup({ ...BEHIND_NAT, mtu: linkMtu });
  const path = pathOf(started, targetAddresses(), route, ...bodies);
  return { sizes: sizesOf(path), estimate: outboundFacts(path).estimate };
}

describe("NextTrace: trace/mtu/runner_test.go", () => {
  test("an ICMP error that names an MTU shrinks the size, and the same TTL is probed again", async () => {
    const { asked, estimate } = await sweep({ links: links(1500, 1400, 1500) });
    expect(asked.slice(0, 2)).toEqual([
      [1500, 64],
      [1400, 64],
    ]);
    expect(estimate).toMatchObject({ bytes: 1400, exact: true });
  });

  test("a local limit is the link's, and no hop's", () => {
    const refused = { kind: "send-failed", error: "EMSGSIZE" } as const;
    const first = probeSent(exceeded(ROUTER), { ttl: 1, purpose: "size", sizeBytes: 1400 });
    const seen = sizes(1400, size(1500, refused, 1), first);
    expect(seen.sizes?.linkMtu).toBe(1400);
    expect(seen.sizes?.hops).toMatchObject([{ ttl: 1, atLeast: 1400, below: null, lost: null }]);
  });

  test("a hop that answered small probes alone is credited with no more", () => {
    const seen = sizes(1500, probeSent(exceeded(ROUTER), { ttl: 1 }));
    expect(seen.sizes).toMatchObject({ linkMtu: 1500, hops: [{ atLeast: SMALL_BYTES }] });
  });

  test("a silent hop shows no size, neither its own nor the link's", () => {
    const last = probeSent(fromTarget(), { ttl: 2, purpose: "size", sizeBytes: 1400 });
    const seen = sizes(1400, probeSent(NO_REPLY, { ttl: 1 }), last);
    const nothing = { address: null, atLeast: null, below: null, lost: null };
    expect(seen.sizes?.hops[0]).toMatchObject(nothing);
  });

  test("a TTL that answered is probed no more, one that is silent until its queries are spent", async () => {
    const context = testContext();
    const { ask: send, probes } = simulate(
      { links: links(1500, 1500, 1500), silent: [1] },
      context,
    );
    const options = { maxHops: 3, waitMs: 250, others: () => [] };
    await sweepTtl({ send, smallestBytes: SMALL_BYTES }, TARGET, 3, options);
    const asked = [1, 2, 3].map((ttl) => probes.filter((probe) => probe.ttl === ttl).length);
    expect(asked).toEqual([2, 1, 1]);
  });

  test("sizes that this machine refuses again and again are no silence of the path", () => {
    const refused = { kind: "send-failed", error: "EMSGSIZE" } as const;
    const again = [1, 2, 3].flatMap(() => [size(1500, refused), control()]);
    const { estimate } = sizes(1500, ...again);
    expect(estimate).toMatchObject({ bytes: SMALL_BYTES, exact: false, silent: false });
  });

  test("a message never makes the path MTU larger again", () => {
    const { estimate } = sizes(
      9000,
      size(9000, reportedTooBig(ROUTER, 1400)),
      size(1400, reportedTooBig(router(2), 1500)),
    );
    expect(estimate).toMatchObject({ bytes: 1400, exact: false });
  });

  test("a message about a size that got through is not believed", () => {
    const { estimate } = sizes(
      1500,
      size(1500, reportedTooBig(ROUTER, 1400)),
      size(1500, fromTarget()),
    );
    expect(estimate).toMatchObject({ bytes: 1500, below: null });
  });
});

describe("scamper: tests/common_trace.c", () => {
  test("SILENCE: 1500 to 1492", async () => {
    const silent = [{ mtu: 1500 }, { mtu: 1500 }, { mtu: 1492 }];
    const { estimate } = await sweep({ links: silent }, [1492]);
    expect(estimate).toMatchObject({ bytes: 1492, exact: true, below: 1493, silent: true });
  });

  test.each([
    { mtus: [1500, 1492], asked: [1500, 1492, 1493] },
    { mtus: [1500, 1492, 1480], asked: [1500, 1492, 1480, 1481] },
    { mtus: [9000, 8986], asked: [9000, 8986, 8987] },
  ])("PTB: $mtus", async ({ mtus, asked }) => {
    const found = await sweep({ links: links(...mtus) });
    expect(found.asked.map(([sizeBytes]) => sizeBytes)).toEqual(asked);
    const last = mtus.at(-1);
    expect(found.estimate).toMatchObject({ bytes: last, exact: true, silent: false });
  });

  test("PTB_BAD: a message that names what is no limit", async () => {
    const lies = [{ mtu: 1500 }, { mtu: 1400, says: true, claims: 1500 }, { mtu: 1500 }];
    const { estimate } = await sweep({ links: lies });
    expect(estimate).toMatchObject({ exact: false, silent: false });
  });
});

/** Each TTL is answered by its own router after a delay; null: by nobody. */
async function hopsOf(delaysMs: readonly (number | null)[], firstMark = 1) {
  const clock = virtualClock();
  const context = testContext([], clock);
  const due: { readonly sent: Outgoing; readonly atMs: number }[] = [];
  const transport: Transport = {
    protocol: "icmp",
    smallestBytes: SMALL_BYTES,
    cachesAbove: null,
    send: (sent) => {
      const delayMs = delaysMs[Math.min(sent.ttl, delaysMs.length) - 1] ?? null;
      if (delayMs !== null) due.push({ sent, atMs: clock.now() + delayMs });
      return null;
    },
    drain: () => {
      const ready = due.filter(({ atMs }) => atMs <= clock.now());
      for (const one of ready) due.splice(due.indexOf(one), 1);
      return ready.map(({ sent: { ttl, cookie } }) => {
        const outcome = ttl >= delaysMs.length ? fromTarget() : exceeded(router(ttl));
        return { cookie, outcome, labels: [], quote: null };
      });
    },
    close: () => undefined,
  };
  let mark = firstMark - 1;
  const nextCookie = () => {
    mark += 1;
    return cookieOf(7, mark);
  };
  const send = createProbeSender(transport, context, {
    address: TARGET,
    nextCookie,
    runStartMs: 0,
  });
  const options = { maxHops: 30, waitMs: 250, others: () => [] };
  const result = await sweepTtl({ send, smallestBytes: SMALL_BYTES }, TARGET, null, options);
  const replied = context
    .path()
    .probes.flatMap(({ ttl, outcome }) =>
      outcome.kind === "time-exceeded" ? [[ttl, outcome.from] as const] : [],
    );
  return { ...result, heard: new Map(replied) };
}

describe("trippy: tests/resources/simulation", () => {
  test("every hop answers", async () => {
    const { reachedTtl, heard: replied } = await hopsOf([10, 12, 20, 20]);
    expect(reachedTtl).toBe(4);
    expect(replied).toEqual(new Map([1, 2, 3].map((ttl) => [ttl, router(ttl)])));
  });

  test("gaps: silent hops, the target's neighbour among them, keep their TTLs", async () => {
    const { reachedTtl, heard: replied } = await hopsOf([10, null, 20, null, null, 20, null, 20]);
    expect(reachedTtl).toBe(8);
    expect([...replied.keys()].sort()).toEqual([1, 3, 6]);
  });

  test("out of order: near hops answer last, and each answer is its own hop's", async () => {
    const { reachedTtl, heard: replied } = await hopsOf([90, 70, 50, 30, 10]);
    expect(reachedTtl).toBe(5);
    for (const [ttl, from] of replied) expect(from).toBe(router(ttl));
  });

  test("wrap: sequence numbers start again at 0 in the middle of a sweep", async () => {
    const { reachedTtl, heard: replied } = await hopsOf([10, 10, 10, 10], 0xfffe);
    expect(reachedTtl).toBe(4);
    expect(replied.size).toBe(3);
  });
});
