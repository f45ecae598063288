// What datagrams that stand for a connection come to, and where those to a silent port are dropped.

import { expect, test } from "vitest";
import { datagramState, datagramStop, mayBeOpen } from "../../../../src/facts/reach/datagram.ts";
import type { DatagramAttempt } from "../../../../src/schema/events/datagram.ts";
import type { ProbeOutcome } from "../../../../src/schema/events/probe.ts";

const ADDRESS = "192.0.2.80";
const SILENT = { kind: "no-reply", waitedMs: 1000 } as const;
const expired = (from: string): ProbeOutcome => ({
  kind: "time-exceeded",
  from,
  rttMs: 1,
  replyTtl: 64,
});
const unreachable = (from: string, code: number): ProbeOutcome => ({
  kind: "unreachable",
  from,
  type: 3,
  code,
  rttMs: 1,
  replyTtl: 64,
});

function attempt(outcome: ProbeOutcome, more: Partial<DatagramAttempt> = {}): DatagramAttempt {
  return {
    kind: "datagram-attempt",
    protocol: "udp",
    address: ADDRESS,
    port: 4000,
    request: null,
    outcome,
    ms: 1,
    asked: 0,
    hops: [],
    ...more,
  };
}

const ECHO = { protocol: "icmp", port: null } as const;

test.each<[string, DatagramAttempt, boolean, string]>([
  ["port unreachable of the target", attempt(unreachable(ADDRESS, 3)), true, "refused"],
  ["port unreachable of somebody else", attempt(unreachable("192.0.2.1", 3)), true, "unreachable"],
  ["what a filter says", attempt(unreachable("192.0.2.1", 13)), true, "unreachable"],
  ["silence of a port whose protocol is not known", attempt(SILENT), true, "other"],
  ["the same of a host that answers nothing", attempt(SILENT), false, "silent"],
  ["silence to a request", attempt(SILENT, { request: "DNS" }), true, "silent"],
  ["silence to an echo request", attempt(SILENT, ECHO), true, "silent"],
  ["no right to send", attempt({ kind: "send-failed", error: "EACCES" }, ECHO), false, "other"],
  ["no route", attempt({ kind: "send-failed", error: "ENETUNREACH" }), false, "unreachable"],
])("%s", (_what, datagram, alive, state) => {
  expect(datagramState(datagram, alive)).toBe(state);
});

test("only a port that was sent nothing of its protocol may be open and silent", () => {
  expect(mayBeOpen(attempt(SILENT))).toBe(true);
  expect(mayBeOpen(attempt(SILENT, { request: "NTP" }))).toBe(false);
  expect(mayBeOpen(attempt(SILENT, ECHO))).toBe(false);
});

test("the filter is behind the last router that reports datagrams to the port, if another reports others", () => {
  const hops = [
    { ttl: 1, outcome: expired("192.0.2.1") },
    { ttl: 3, outcome: SILENT },
    { ttl: 2, outcome: SILENT },
  ];
  expect(datagramStop(attempt(SILENT, { hops }))).toEqual({ afterTtl: 1, beforeTtl: 2 });
  expect(datagramStop(attempt(SILENT, { hops: hops.slice(0, 1) }))).toBeNull();
  expect(datagramStop(attempt(SILENT, { hops: hops.slice(1) }))).toEqual({
    afterTtl: 0,
    beforeTtl: 2,
  });
  // One lost answer before a router that reports is none.
  const lossy = [
    { ttl: 1, outcome: SILENT },
    { ttl: 2, outcome: expired("192.0.2.2") },
  ];
  expect(datagramStop(attempt(SILENT, { hops: lossy }))).toBeNull();
  expect(datagramStop(attempt(SILENT))).toBeNull();
});
