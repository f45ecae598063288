// What once went wrong, and must not again. A first link says "too big, 1400", a later one eats everything above 1300
// without a word. followTooBig() stops when 1400 stays silent, and the model believes 1400 unconfirmed
// with decided: true, so no TCP data is sent and the rule says "senders learn of it" -> healthy.
import { expect, test } from "vitest";
import { sweepOutbound } from "../../probes/pmtu/outbound.ts";
import { outboundFacts } from "../../src/facts/size/outbound.ts";
import { diagnosisOf as diagnose } from "../../src/report/diagnosis.ts";
import { testContext } from "../builders/context.ts";
import { pathOf, TARGET } from "../builders/events.ts";
import { simulate } from "../builders/network.ts";
import { control, fromTarget, NO_REPLY, reportedTooBig, size } from "../builders/probes.ts";
import { run } from "../builders/runs.ts";

const udp = [
  control(),
  size(1500, reportedTooBig("198.51.100.1", 1400)),
  size(1400, NO_REPLY),
  control(fromTarget()),
  size(1400, NO_REPLY),
  control(fromTarget()),
  size(1400, NO_REPLY),
  control(fromTarget()),
];

test("a silent limit below one that says so is no told limit", () => {
  expect(diagnose(pathOf(...run({ udp }))).verdict).not.toBe("healthy");
});

test("the probe's own events for such a network leave it open, at least", async () => {
  const context = testContext(run({ udp: [control()], end: null }));
  const network = simulate(
    { links: [{ mtu: 1500 }, { mtu: 1400, says: true }, { mtu: 1300 }, { mtu: 1500 }] },
    context,
  );
  await sweepOutbound(network.ask, context, {
    family: 4,
    target: TARGET,
    linkMtu: 1500,
    smallBytes: 36,
    ttl: 64,
    isTarget: true,
    hops: [1, 2, 3],
    candidates: [],
    waitMs: 250,
    packetTooBigCount: network.packetTooBigCount,
  });
  const { estimate, decided } = outboundFacts(context.path());
  expect({ decided, bytes: estimate.bytes }).not.toEqual({ decided: true, bytes: 1400 });
});
