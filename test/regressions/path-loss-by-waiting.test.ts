// Behind a proxy that answered late a busy machine ended a connection that had only waited, and one of a larger size had its
// answer: that was taken for loss, although nothing was repeated and nothing missing.

import { expect, test } from "vitest";
import { diagnosisOf as diagnose } from "../../src/report/diagnosis.ts";
import type { TcpInfo } from "../../src/schema/events/tcp.ts";
import { pathOf } from "../builders/events.ts";
import { run } from "../builders/runs.ts";
import { connected, hanging, OK, passing, stage, tcpInfo } from "../builders/tcp.ts";

const QUIET = { dataSegsIn: 0, rcvOooPack: 0 };

const causes = (waiting: Partial<TcpInfo>) => {
  const full = tcpInfo({ rcvMss: 1448, bytesReceived: 4000, dataSegsIn: 4 });
  const tcp = [
    ...connected("t1"),
    { kind: "tcp-stalled", attempt: "t1", stage: "tls", sinceStartMs: 100, info: tcpInfo() },
    stage("t1", "tls", 1700, OK, full),
    stage("t1", "http", 1720, OK, full),
    { kind: "tcp-ended", attempt: "t1", complete: true, sinceStartMs: 1730, info: full },
    ...hanging("s1", { offered: 1280, info: { ...QUIET, ...waiting } }),
    ...passing("s2", { offered: 1400 }),
  ] as const;
  return diagnose(pathOf(...run({ tcp }))).findings.map(({ cause }) => cause);
};

test("a connection that waited, and was ended, is no sign of loss", () => {
  expect(causes({})).not.toContain("path-loss");
});

test("one that had to repeat its ClientHello is", () => {
  expect(causes({ totalRetrans: 1 })).toContain("path-loss");
});

test("so is one that got a part of the answer behind a gap", () => {
  expect(causes({ dataSegsIn: 1, rcvOooPack: 1 })).toContain("path-loss");
});
