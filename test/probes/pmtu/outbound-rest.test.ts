// How often a responder without answers is asked, and what comes behind: beside other targets TCP data decide at once.

import { expect, test } from "vitest";
import { sweepOutbound } from "../../../probes/pmtu/outbound.ts";
import { testContext } from "../../builders/context.ts";
import { lookup, TARGET, targetAddresses } from "../../builders/events.ts";
import { simulate } from "../../builders/network.ts";
import { control } from "../../builders/probes.ts";

async function sweepOfSilent(decidedByTcp: boolean) {
  const context = testContext([targetAddresses(), lookup(), control()]);
  const network = { links: [{ mtu: 1500 }, { mtu: 1500 }], targetSilent: true };
  const { ask, probes } = simulate(network, context);
  await sweepOutbound(ask, context, {
    family: 4,
    target: TARGET,
    linkMtu: 1500,
    smallBytes: 36,
    ttl: 64,
    isTarget: true,
    hops: [],
    candidates: [],
    waitMs: 100,
    decidedByTcp,
    packetTooBigCount: async () => undefined,
  });
  return { asked: probes.map(({ sizeBytes }) => sizeBytes), endMs: context.clock.now() };
}

test("is asked as often where TCP data decide, and nobody waits behind the last attempt", async () => {
  const [alone, beside] = [await sweepOfSilent(false), await sweepOfSilent(true)];
  expect(beside.asked).toEqual(alone.asked);
  expect(beside.asked).toEqual([1500, 36, 1500, 36]);
  expect(beside.endMs).toBeLessThan(alone.endMs);
});
