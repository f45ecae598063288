// What once went wrong, and must not again. nextSizes() fills its room with hints from the low end, and MAX_ATTEMPTS (36) ends the sweep
// before the interval is closed: with three VPN-like adapters in the snapshot and none of them the limit,
// 1469-1471 and 1489-1491 are not exact; with five, most sizes above 1468 (1492 = PPPoE among them).
// Bisecting hints (middle ones first), or half the room for even spacing, closes all of them.
import { expect, test } from "vitest";
import { sweepInbound } from "../../probes/pmtu/inbound.ts";
import { inboundFacts } from "../../src/facts/size/inbound.ts";
import { testContext } from "../builders/context.ts";
import { simulateServer } from "../builders/server.ts";

test.each([
  { candidates: [1400, 1280, 1420], limit: 1490 },
  { candidates: [1400, 1280, 1420], limit: 1470 },
  { candidates: [1300, 1280, 1400, 1420, 1500], limit: 1492 },
  { candidates: [1280, 1300, 1350, 1400, 1420, 1500], limit: 1458 },
])("hints $hints: $limit bytes are exact", async ({ candidates: hints, limit }) => {
  const context = testContext();
  const server = simulateServer({ limit }, context);
  const hanging = server.start("t1", "default", null);
  await hanging.decided;
  let over = false;
  const sweep = sweepInbound(context, {
    start: (mss) => server.start(`s${server.connections()}`, "mss-sweep", mss),
    goal: "tls",
    candidates: hints,
    finished: () => over,
  });
  await sweep.decided;
  await context.clock.sleep(2000);
  hanging.stop();
  over = true;
  await sweep.stop();
  expect(inboundFacts(context.path()).estimate).toMatchObject({ bytes: limit, exact: true });
});
