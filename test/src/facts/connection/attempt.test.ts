// What one attempt shows: its state, the sizes it offered and received, and the sign of a gap.

import { describe, expect, test } from "vitest";
import {
  arrivedOutOfOrder,
  attemptState,
  lastInfo,
  offeredBytes,
  receivedBytes,
  sentBytes,
  unacknowledged,
} from "../../../../src/facts/connection/attempt.ts";
import type { EventBody } from "../../../../src/schema/event.ts";
import { pathOf } from "../../../builders/events.ts";
import {
  connected,
  hanging,
  NO_REPLY,
  OK,
  recovering,
  stage,
  tcpInfo,
  unconnected,
} from "../../../builders/tcp.ts";

function attemptOf(...bodies: readonly EventBody[]) {
  const [attempt] = pathOf(...bodies).attempts;
  if (attempt === undefined) throw new Error("no attempt in these events");
  return attempt;
}

const started = connected("t1").slice(0, 1);
const stalled = (sinceStartMs: number, name: "connect" | "tls" | "http", bytesReceived = 0) =>
  ({
    kind: "tcp-stalled",
    attempt: "t1",
    stage: name,
    sinceStartMs,
    info: tcpInfo({ bytesReceived }),
  }) as const;

describe("the state of an attempt", () => {
  test("is pending while its goal is ahead and nothing went wrong", () => {
    expect(attemptState(attemptOf(...started), "connect")).toBe("pending");
    expect(attemptState(attemptOf(...connected("t1")), "tls")).toBe("pending");
  });

  test("is passed from the goal on, whatever comes after it", () => {
    expect(attemptState(attemptOf(...connected("t1")), "connect")).toBe("passed");
    const hung = attemptOf(...hanging("t1"));
    expect(attemptState(hung, "connect")).toBe("passed");
    expect(attemptState(hung, "tls")).toBe("stalled");
  });

  test("is stalled from the stall on and passed when the stage ends after it", () => {
    const waiting = [...connected("t1"), stalled(60, "tls")];
    expect(attemptState(attemptOf(...waiting), "tls")).toBe("stalled");
    expect(attemptState(attemptOf(...waiting, stage("t1", "tls", 160, OK, null)), "tls")).toBe(
      "passed",
    );
  });

  test("is stalled when the stage ends without a reply, with a stall event or without", () => {
    const silent = stage("t1", "tls", 5010, NO_REPLY, null);
    expect(attemptState(attemptOf(...connected("t1"), silent), "tls")).toBe("stalled");
    expect(attemptState(attemptOf(...unconnected(NO_REPLY)), "connect")).toBe("stalled");
  });

  test("is failed after an error, and after an end before its goal", () => {
    const reset = { kind: "failed", code: "ECONNRESET", detail: "reset" } as const;
    expect(attemptState(attemptOf(...unconnected(reset)), "connect")).toBe("failed");
    const ended = {
      kind: "tcp-ended",
      attempt: "t1",
      complete: false,
      sinceStartMs: 20,
      info: null,
    } as const;
    expect(attemptState(attemptOf(...connected("t1"), ended), "http")).toBe("failed");
  });

  test("a SYN that was repeated and then answered has passed", () => {
    const late = stage("t1", "connect", 1040, OK, tcpInfo());
    expect(attemptState(attemptOf(...started, stalled(1000, "connect"), late), "connect")).toBe(
      "passed",
    );
  });

  test("an answer that begins and then hangs is stalled until another byte comes", () => {
    const begun = [
      ...connected("t1"),
      stage("t1", "http", 40, OK, tcpInfo({ bytesReceived: 500 })),
      stalled(90, "http", 500),
    ];
    const end = (bytesReceived: number): EventBody => {
      const info = tcpInfo({ bytesReceived });
      return { kind: "tcp-ended", attempt: "t1", complete: false, sinceStartMs: 900, info };
    };
    expect(attemptState(attemptOf(...begun), "http")).toBe("stalled");
    expect(attemptState(attemptOf(...begun, end(500)), "http")).toBe("stalled");
    expect(attemptState(attemptOf(...begun, end(9000)), "http")).toBe("passed");
  });

  test("a recovered stall passes in every goal", () => {
    const recovered = attemptOf(...recovering("t1", 100));
    for (const goal of ["connect", "tls", "http"] as const) {
      expect(attemptState(recovered, goal)).toBe("passed");
    }
  });
});

describe("sizes", () => {
  test("the offer is the MSS that was set with the family's headers", () => {
    expect(offeredBytes(attemptOf(...connected("t1", { offered: 1400 })))).toBe(1400);
    expect(offeredBytes(attemptOf(...connected("t1", { offered: 1400, family: 6 })))).toBe(1400);
  });

  test("without a set MSS the offer is what the kernel advertised", () => {
    expect(offeredBytes(attemptOf(...connected("t1", { linkMtu: 1420 })))).toBe(1420);
    expect(offeredBytes(attemptOf(...connected("t1", { linkMtu: 1420, family: 6 })))).toBe(1420);
    expect(offeredBytes(attemptOf(...started))).toBeNull();
  });

  test.each([
    { family: 4, timestamps: true, rcvMss: 1348, bytes: 1400 },
    { family: 4, timestamps: false, rcvMss: 1360, bytes: 1400 },
    { family: 6, timestamps: true, rcvMss: 1328, bytes: 1400 },
    { family: 6, timestamps: false, rcvMss: 1340, bytes: 1400 },
  ] as const)("received bytes count the headers: %o", ({ family, timestamps, rcvMss, bytes }) => {
    const info = tcpInfo({ timestamps, rcvMss, bytesReceived: 5000 });
    expect(receivedBytes(info, family)).toBe(bytes);
    expect(sentBytes({ ...info, sndMss: rcvMss }, family)).toBe(bytes);
  });

  test("the kernel's first guess of 536 bytes is no observed segment size", () => {
    expect(receivedBytes(tcpInfo({ rcvMss: 536, bytesReceived: 400 }), 4)).toBeNull();
    expect(receivedBytes(tcpInfo({ rcvMss: 537, bytesReceived: 600 }), 4)).toBe(589);
  });

  test("nothing was received without bytes or without TCP_INFO", () => {
    expect(receivedBytes(tcpInfo({ rcvMss: 1448, bytesReceived: 0 }), 4)).toBeNull();
    expect(receivedBytes(null, 4)).toBeNull();
  });

  test("a kernel that does not count bytes still reports the segment size", () => {
    expect(receivedBytes(tcpInfo({ rcvMss: 1448, bytesReceived: null }), 4)).toBe(1500);
  });
});

describe("data out of order", () => {
  test("shows in rcv_ooopack, and only what came since counts", () => {
    const info = tcpInfo({ rcvOooPack: 1 });
    expect(arrivedOutOfOrder(info, null)).toBe(true);
    expect(arrivedOutOfOrder(info, info)).toBe(false);
    expect(arrivedOutOfOrder({ ...info, rcvOooPack: 2 }, info)).toBe(true);
    expect(arrivedOutOfOrder(tcpInfo({ rcvOooPack: 0, dataSegsIn: 3 }), null)).toBe(false);
  });

  test("shows on kernels before 5.4 as a data segment that added no byte", () => {
    const old = (dataSegsIn: number | null, bytesReceived = 0) =>
      tcpInfo({ rcvOooPack: null, dataSegsIn, bytesReceived });
    expect(arrivedOutOfOrder(old(1), null)).toBe(true);
    expect(arrivedOutOfOrder(old(1, 900), null)).toBe(false);
    expect(arrivedOutOfOrder(old(2, 900), old(1, 900))).toBe(true);
    expect(arrivedOutOfOrder(old(2, 1800), old(1, 900))).toBe(false);
  });

  test("is not claimed where the kernel counts neither", () => {
    const info = tcpInfo({ rcvOooPack: null, dataSegsIn: null });
    expect(arrivedOutOfOrder(info, null)).toBe(false);
  });
});

test("our own data is unacknowledged only when it was sent again", () => {
  expect(unacknowledged(tcpInfo({ unacked: 1 }))).toBe(false);
  expect(unacknowledged(tcpInfo({ unacked: 1, retransmits: 1 }))).toBe(true);
  expect(unacknowledged(tcpInfo({ unacked: 1, totalRetrans: 2 }))).toBe(true);
  expect(unacknowledged(tcpInfo({ unacked: 0, totalRetrans: 2 }))).toBe(false);
});

test("the newest TCP_INFO wins, whatever kind of event brought it", () => {
  const attempt = attemptOf(...recovering("t1", 3000));
  expect(lastInfo(attempt)?.bytesReceived).toBe(5200);
  expect(lastInfo(attemptOf(...hanging("t1")))?.rcvOooPack).toBe(1);
  expect(lastInfo(attemptOf(...started))).toBeNull();
});
