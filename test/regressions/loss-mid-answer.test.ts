// What once went wrong, and must not again. A server behind an MTU of 1300 on a path that loses two in
// a hundred packets: the answer stopped half-way, came again after one retransmission time-out, and the
// default attempt was still called stuck, for nobody could ask the closed socket any more. With one more
// stuck connection that made a size limit between 1300 and 1500 bytes out of plain loss.

import { expect, test } from "vitest";
import { inboundFacts } from "../../src/facts/size/inbound.ts";
import { diagnosisOf as diagnose } from "../../src/report/diagnosis.ts";
import type { EventBody } from "../../src/schema/event.ts";
import { pathOf } from "../builders/events.ts";
import { run } from "../builders/runs.ts";
import { connected, OK, passing, stage, tcpInfo } from "../builders/tcp.ts";

/** 26 segments of 1300 bytes arrived, one behind them is missing. */
const half = tcpInfo({ rcvMss: 1248, bytesReceived: 33_583, dataSegsIn: 30, rcvOooPack: 9 });

/** Handshake and first bytes came, then nothing for a moment. */
const halted = (
  attempt: string,
  complete: boolean,
  offered: number | null,
): readonly EventBody[] => [
  ...connected(attempt, { offered }),
  stage(attempt, "tls", 15, OK, tcpInfo({ rcvMss: 1248, bytesReceived: 3631 })),
  stage(attempt, "http", 35, OK, half),
  { kind: "tcp-stalled", attempt, stage: "http", sinceStartMs: 47, info: half },
  { kind: "tcp-ended", attempt, complete, sinceStartMs: 240, info: half },
];
const sizes = [1380, 1420, 1480].flatMap((offered) =>
  passing(`s${offered}`, { offered, received: 1300 }),
);

test("an answer that came whole after a loss is healthy", () => {
  const tcp = [...halted("t1", true, null), ...halted("s9", false, 1460), ...sizes];
  expect(diagnose(pathOf(...run({ tcp })))).toMatchObject({ verdict: "healthy", findings: [] });
});

test("segments as large as the server sends any prove that size is not what stopped the rest", () => {
  const tcp = [...halted("t1", false, null), ...halted("s9", false, 1460), ...sizes];
  const { interval: bracket } = inboundFacts(pathOf(...run({ tcp })));
  expect(bracket.failed).toBeNull();
  const causes = diagnose(pathOf(...run({ tcp }))).findings.map(({ cause }) => cause);
  expect(causes).not.toContain("pmtu-inbound-blackhole");
});
