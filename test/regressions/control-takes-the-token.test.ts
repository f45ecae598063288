// An IPv6 responder gave one answer back in 62 ms, and each control took the one that the size needed.

import { expect, test } from "vitest";
import { sweepOutbound } from "../../probes/pmtu/outbound.ts";
import { outboundFacts } from "../../src/facts/size/outbound.ts";
import { testContext } from "../builders/context.ts";
import { lookup, TARGET, targetAddresses } from "../builders/events.ts";
import { simulate } from "../builders/network.ts";
import { control } from "../builders/probes.ts";

test("a size is not silent because the controls between its tries are answered", async () => {
  const context = testContext([targetAddresses(), lookup(), control()]);
  const network = { links: [{ mtu: 1500 }, { mtu: 1500 }], burst: 1, tokenMs: 62 };
  const { ask } = simulate(network, context);
  const input = {
    family: 6 as const,
    target: TARGET,
    linkMtu: 1500,
    smallBytes: 56,
    ttl: 64,
    isTarget: true,
    hops: [],
    candidates: [],
    waitMs: 100,
    packetTooBigCount: async () => undefined,
  };
  // What was asked before has used up the responder's answers.
  await ask([{ purpose: "control", ttl: 64, sizeBytes: 56 }], 100);
  await sweepOutbound(ask, context, input);
  expect(outboundFacts(context.path()).estimate).toMatchObject({ atLeast: 1500, below: null });
});
