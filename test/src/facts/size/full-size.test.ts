import { describe, expect, test } from "vitest";
import { fullSize } from "../../../../src/facts/size/full-size.ts";
import { diagnosisOf as diagnose } from "../../../../src/report/diagnosis.ts";
import type { EventBody } from "../../../../src/schema/event.ts";
import { lookup, pathOf } from "../../../builders/events.ts";
import {
  control,
  fromTarget,
  hops,
  NO_REPLY,
  reportedTooBig,
  size,
} from "../../../builders/probes.ts";
import { ROUTERS, run } from "../../../builders/runs.ts";
import { OK, passing, stage, tcpInfo, upload } from "../../../builders/tcp.ts";

/** Two readings of one connection: after the handshake, and at its end. */
function answered(tls: [number, number], end: [number, number]): readonly EventBody[] {
  const info = ([rcvMss, bytesReceived]: [number, number]) => tcpInfo({ rcvMss, bytesReceived });
  const [connect] = passing("t1");
  const last = info(end);
  return [
    ...(connect === undefined ? [] : [connect]),
    stage("t1", "connect", 10, OK, tcpInfo()),
    stage("t1", "tls", 30, OK, info(tls)),
    stage("t1", "http", 45, OK, last),
    { kind: "tcp-ended", attempt: "t1", complete: true, sinceStartMs: 50, info: last },
  ];
}

const inbound = (tcp: readonly EventBody[]) => fullSize(pathOf(...run({ tcp })))?.inbound;

describe("inbound", () => {
  test("a packet as large as offered is full-size, and so is one that the MSS of the far side allows", () => {
    expect(inbound(passing("t1"))).toEqual({ seen: true, largest: 1500, full: 1500 });
    const clamped = passing("t1", { received: 900, info: { sndMss: 848 } });
    expect(inbound(clamped)).toEqual({ seen: true, largest: 900, full: 1500 });
  });

  test("what the sender cut itself comes more than once in a burst", () => {
    expect(inbound(answered([1288, 3100], [1288, 9000]))?.seen).toBe(true);
    expect(inbound(answered([700, 900], [1288, 900 + 2 * 1288]))?.seen).toBe(true);
  });

  test("one segment in each stage is no burst, and small ones show nothing however many they are", () => {
    expect(inbound(answered([1288, 1500], [1288, 2700]))?.seen).toBe(false);
    expect(inbound(answered([848, 900], [848, 90_000]))?.seen).toBe(false);
    expect(inbound(answered([536, 200], [536, 500]))).toMatchObject({ seen: false, largest: null });
  });
});

const outbound = (udp: readonly EventBody[], more: readonly EventBody[] = []) =>
  fullSize(pathOf(...run({ udp, tcp: [...passing("t1"), ...more] })))?.outbound;

describe("outbound", () => {
  const silent = [control(NO_REPLY), ...hops(ROUTERS, false), size(1500, NO_REPLY, 3)];

  test("an answered probe, acknowledged data or a limit that says so", () => {
    expect(outbound([control(), size(1500, fromTarget())])?.seen).toBe(true);
    expect(outbound(silent, upload("u1", 1500, true))?.seen).toBe(true);
    const named = [size(1500, reportedTooBig("203.0.113.129", 1400)), size(1400, fromTarget())];
    expect(outbound([control(), ...named])?.seen).toBe(true);
  });

  test("a target that never answers UDP leaves it open", () => {
    expect(outbound(silent)).toEqual({ seen: false, largest: null, full: 1500 });
  });
});

test("nothing is asked of a target on this machine, or where nothing was connected to", () => {
  const outcome = { kind: "route", source: "127.0.0.1", interface: "lo", gateway: null } as const;
  const mtus = { linkMtu: 65536, pathMtu: 65536, cachedPmtu: null };
  const lookups = [lookup(undefined, { outcome: { ...outcome, ...mtus } })];
  expect(fullSize(pathOf(...run({ lookups })))).toBeNull();
  expect(fullSize(pathOf(...run({ tcp: [] })))).toBeNull();
});

test("the verdict is inconclusive, with what was seen and what would settle it", () => {
  const tcp = passing("t1", { received: 900 });
  const { verdict, reason, findings } = diagnose(pathOf(...run({ tcp })));
  expect([verdict, findings]).toEqual(["inconclusive", []]);
  expect(reason).toMatch(/none above 900 of 1500 bytes came in.*would settle it/);
});
