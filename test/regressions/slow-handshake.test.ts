// A busy machine took its time over a handshake that had arrived whole, from a server whose SYN cookie had made its
// segments smaller than was offered: that was taken for a server that had learnt the limit, and the black hole was open.

import { expect, test } from "vitest";
import { inboundFacts } from "../../src/facts/size/inbound.ts";
import { pathOf } from "../builders/events.ts";
import { connected, hanging, OK, stage, sweep, tcpInfo } from "../builders/tcp.ts";

const COOKIE_SEGMENT = 1260;
const offer = { offered: 1392, received: COOKIE_SEGMENT } as const;
const path = (receivedAtStall: number) => {
  const segments = { rcvMss: COOKIE_SEGMENT - 52, advMss: 1340, dataSegsIn: 4 };
  const whole = tcpInfo({ ...segments, bytesReceived: 3900 });
  const then = tcpInfo({ ...segments, bytesReceived: receivedAtStall });
  return pathOf(
    ...hanging("t1"),
    ...sweep(1400, [576, 1400, 1401]),
    ...connected("late", offer),
    { kind: "tcp-stalled", attempt: "late", stage: "tls", sinceStartMs: 60, info: then },
    stage("late", "tls", 72, OK, whole),
    { kind: "tcp-ended", attempt: "late", complete: true, sinceStartMs: 74, info: whole },
  );
};

test("a stall with everything there is no hang", () => {
  const facts = inboundFacts(path(3900));
  expect(facts).toMatchObject({ cached: false, estimate: { bytes: 1400, exact: true } });
});

test("one behind which more arrives, in smaller segments, is a server that was told", () => {
  expect(inboundFacts(path(0))).toMatchObject({ cached: true, estimate: { exact: false } });
});
