// Signs of loss in what TCP had to repeat; what size or a single chance explains is none.

import { describe, expect, test } from "vitest";
import { lossSigns, lossSuspected } from "../../../../src/facts/loss/loss.ts";
import { inboundFacts } from "../../../../src/facts/size/inbound.ts";
import { diagnosisOf as diagnose } from "../../../../src/report/diagnosis.ts";
import type { EventBody } from "../../../../src/schema/event.ts";
import { pathOf } from "../../../builders/events.ts";
import { run, vpnBlackhole } from "../../../builders/runs.ts";
import { connected, OK, passing, stage, tcpInfo } from "../../../builders/tcp.ts";

/** Passes, after `syns` repeated SYNs, with or without a gap in the answer that closed. */
function repeated(attempt: string, syns: number, gap = false): readonly EventBody[] {
  const ms = syns === 0 ? 12 : 1012;
  const after = tcpInfo({ totalRetrans: syns, rcvMss: 1448, bytesReceived: 5200, dataSegsIn: 9 });
  const info = { ...after, rcvOooPack: gap ? 2 : 0 };
  const [started] = connected(attempt);
  return [
    ...(started === undefined ? [] : [started]),
    stage(attempt, "connect", ms, OK, tcpInfo({ totalRetrans: syns })),
    stage(attempt, "tls", ms + 20, OK, info),
    stage(attempt, "http", ms + 40, OK, info),
    { kind: "tcp-ended", attempt, complete: true, sinceStartMs: ms + 50, info },
  ];
}

const other = (attempt: string, syns: number, gap = false) =>
  repeated(attempt, syns, gap).map((event) =>
    event.kind === "tcp-started" ? { ...event, purpose: "large-hello" as const } : event,
  );

const verdictOf = (tcp: readonly EventBody[]) => {
  const { verdict, findings } = diagnose(pathOf(...run({ tcp })));
  return [verdict, ...findings.map(({ cause, severity }) => `${cause} ${severity}`)];
};

const signsOf = (events: readonly EventBody[]) => {
  const path = pathOf(...events);
  return lossSigns(path, inboundFacts(path));
};

describe("a path that loses packets", () => {
  test("is degraded when the attempt itself waited a second and another sign stands beside it", () => {
    expect(verdictOf([...repeated("t1", 1, true), ...other("t2", 0)])).toEqual([
      "degraded",
      "path-loss warning",
    ]);
    expect(verdictOf([...repeated("t1", 1), ...other("t2", 1)])).toContain("path-loss warning");
  });

  test("is degraded after three repeated SYNs, even if the attempt was quick", () => {
    const tcp = [...repeated("t1", 0), ...["t2", "t3", "t4"].flatMap((name) => other(name, 1))];
    expect(verdictOf(tcp)).toEqual(["degraded", "path-loss warning"]);
  });

  test("is healthy with one sign, which one packet in a hundred gives now and then", () => {
    expect(verdictOf([...repeated("t1", 1), ...other("t2", 0)])).toEqual(["healthy"]);
    expect(verdictOf([...repeated("t1", 0, true), ...other("t2", 0)])).toEqual(["healthy"]);
  });

  test("is not one that only reorders", () => {
    const tcp = ["t2", "t3", "t4", "t5"].flatMap((name) => other(name, 0, true));
    expect(verdictOf([...repeated("t1", 0, true), ...tcp])).toEqual(["healthy"]);
  });
});

test("what a size limit stops is no sign of loss", () => {
  const { syns, data } = signsOf(vpnBlackhole());
  expect([syns, data]).toEqual([0, 0]);
});

test.each([
  { rttMs: 1044, repeats: 1, lost: 0 },
  { rttMs: 3200, repeats: 2, lost: 0 },
  { rttMs: 940, repeats: 1, lost: 3 },
  { rttMs: 1044, repeats: 2, lost: 3 },
])(
  "a SYN that is repeated as the round trip takes long is not lost: $rttMs ms, $repeats times",
  (seen) => {
    const { rttMs, repeats, lost } = seen;
    const slow = (events: readonly EventBody[]) =>
      events.map((event) =>
        "info" in event && event.info !== null
          ? { ...event, info: { ...event.info, rttMs } }
          : event,
      ) as readonly EventBody[];
    const tcp = [...repeated("t1", repeats), ...other("t2", repeats), ...other("t3", repeats)];
    expect(signsOf(run({ tcp: slow(tcp) })).syns).toBe(lost);
  },
);

describe("a segment out of order in an answer that came whole", () => {
  /** @param gap how many segments came before one that was sent first */
  const answered = (gap: number, waited: boolean): readonly EventBody[] =>
    repeated("t1", 0).flatMap((event): readonly EventBody[] => {
      const late = tcpInfo({ dataSegsIn: 1, rcvOooPack: gap });
      const stalled = {
        kind: "tcp-stalled",
        attempt: "t1",
        stage: "tls",
        sinceStartMs: 25,
      } as const;
      if (event.kind === "tcp-started" || !("info" in event) || event.info === null) return [event];
      const isFirst = "stage" in event && event.stage === "connect";
      if (isFirst) return waited ? [event, { ...stalled, info: late }] : [event];
      return [{ ...event, info: { ...event.info, rcvOooPack: gap } }];
    });

  test.each([
    { gap: 1, waited: false, lost: 0 },
    { gap: 1, waited: true, lost: 1 },
    { gap: 3, waited: false, lost: 1 },
  ])("is a sign of loss if it is not alone, or waited for: $gap, $waited", (seen) => {
    expect(signsOf(run({ tcp: answered(seen.gap, seen.waited) })).data).toBe(seen.lost);
  });

  test("starts no loss measurement if it is alone and nothing waited for it", () => {
    const suspected = (gap: number) => {
      const path = pathOf(...run({ tcp: answered(gap, false) }));
      return lossSuspected(path, inboundFacts(path));
    };
    expect([suspected(1), suspected(3)]).toEqual([false, true]);
  });
});

test("nothing repeated is no sign", () => {
  expect(signsOf(run({ tcp: passing("t1") }))).toMatchObject({
    syns: 0,
    data: 0,
    userVisible: false,
    evidence: [],
  });
});
