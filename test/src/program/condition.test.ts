// What a connection is doing, by counters of every kind of fault.

import { expect, it } from "vitest";
import { conditionOf } from "../../../src/program/condition.ts";
import { createConnections } from "../../../src/program/connections.ts";
import type { OwnedSample } from "../../../src/program/port.ts";
import { suspectOf, targetsFor } from "../../../src/program/suspect.ts";
import { targetsIn } from "../../../src/program/targets.ts";

const INFO = {
  state: 1,
  retransmits: 0,
  backoff: 0,
  timestamps: true,
  sndMss: 1448,
  rcvMss: 536,
  advMss: 1460,
  unacked: 0,
  sacked: 0,
  rttMs: 20,
  pmtu: 1500,
  totalRetrans: 0,
  bytesAcked: 518,
  bytesReceived: 0,
  segsOut: 4,
  dataSegsIn: 0,
  rcvOooPack: 0,
};

interface Given extends Omit<Partial<OwnedSample>, "info"> {
  readonly info?: Partial<typeof INFO>;
}

const sample = ({ info = {}, ...rest }: Given = {}): OwnedSample => ({
  id: "1",
  program: "curl",
  accepted: false,
  protocol: "tcp",
  family: 4,
  state: 1,
  zeroWindow: false,
  keepAlivesLost: 0,
  localPort: 40_000,
  address: "192.0.2.80",
  port: 443,
  unread: 0,
  unsent: 0,
  info: { ...INFO, ...info },
  ages: { lastDataSentMs: 10, lastDataReceivedMs: 10, lastAckReceivedMs: 10 },
  ...rest,
});
const STILL = { atMs: 0, outOfOrder: 0, wasLongFlow: false };
const SENT_LAST = { lastDataSentMs: 10, lastDataReceivedMs: 900, lastAckReceivedMs: 9 };
const RECEIVED_LAST = { lastDataSentMs: 900, lastDataReceivedMs: 10, lastAckReceivedMs: 10 };

it.each<readonly [string, Given, Partial<typeof STILL>]>([
  ["connecting", { state: 2 }, {}],
  ["sending", { unsent: 1448 }, {}],
  ["gap", { info: { rcvOooPack: 1 } }, {}],
  ["awaiting", {}, {}],
  ["awaiting", { info: { bytesReceived: 900 }, ages: SENT_LAST }, {}],
  ["idle", { info: { bytesReceived: 900 }, ages: RECEIVED_LAST }, {}],
  ["cut-off", { info: { bytesReceived: 90_000 }, ages: RECEIVED_LAST }, { wasLongFlow: true }],
  ["idle", { info: { bytesReceived: 900, rcvOooPack: 4 }, ages: RECEIVED_LAST }, { outOfOrder: 4 }],
  ["other-end-full", { zeroWindow: true, unsent: 9 }, {}],
  ["program-does-not-read", { unread: 20 }, {}],
  ["looking-up", { protocol: "udp", port: 53 }, {}],
  ["idle", { protocol: "udp", port: 443 }, {}],
  ["idle", { state: 4, unsent: 1 }, {}],
  ["idle", { state: 4, unsent: 1, info: { retransmits: 1 } }, {}],
  ["gone", { state: 4, unsent: 1, info: { retransmits: 2 } }, {}],
  ["gone", { keepAlivesLost: 2, info: { bytesReceived: 900 }, ages: RECEIVED_LAST }, {}],
])("is %s", (condition, given, movement) => {
  expect(conditionOf(sample(given), { ...STILL, ...movement })).toBe(condition);
});

const update = (open: readonly OwnedSample[], closed: readonly OwnedSample[] = []) => ({
  open,
  closed,
  unowned: [],
  lost: false,
});

it("a connection that has not moved for three seconds hangs, and one that moves does not", () => {
  const connections = createConnections();
  connections.update(update([sample(), sample({ id: "2", port: 80 })]), 0);
  connections.update(
    update([sample(), sample({ id: "2", port: 80, info: { bytesReceived: 5 } })]),
    2900,
  );
  expect(suspectOf(connections.open())).toBeUndefined();
  connections.update(
    update([sample(), sample({ id: "2", port: 80, info: { bytesReceived: 5 } })]),
    3100,
  );
  expect(suspectOf(connections.open())?.sample.port).toBe(443);
});

it("one that hangs since before it was followed hangs at once", () => {
  const connections = createConnections();
  const ages = { lastDataSentMs: 60_000, lastDataReceivedMs: 61_000, lastAckReceivedMs: 60_000 };
  connections.update(update([sample({ ages })]), 0);
  expect(suspectOf(connections.open())?.silentMs).toBe(60_000);
});

it("of thousands that close, the ones that failed are kept", () => {
  const connections = createConnections();
  for (let n = 0; n < 5000; n += 1) {
    const failed = n === 7 ? { info: { bytesReceived: 0 } } : { info: { bytesReceived: 40 } };
    connections.update(update([], [sample({ id: `c${n}`, localPort: n, ...failed })]), n);
  }
  const { kept, total } = connections.closed();
  expect([total, kept.length]).toEqual([5000, 64]);
  expect(kept.filter(({ failed }) => failed).map(({ sample: one }) => one.id)).toEqual(["c7"]);
  expect(connections.open()).toEqual([]);
});

const inputs = (line: readonly string[]) => targetsIn([line]).map(({ input }) => input);

it("a command line says what it is to reach, without users, passwords and queries", () => {
  expect(inputs(["git", "clone", "https://me:s3cret@git.example.test/a/b?token=1"])).toEqual([
    "https://git.example.test/a/b",
  ]);
  expect(inputs(["git", "clone", "git@git.example.test:a/b.git"])).toEqual([
    "ssh://git.example.test",
  ]);
  expect(inputs(["ssh", "-p", "2222", "-i", "key", "host.example.test", "uptime"])).toEqual([
    "ssh://host.example.test:2222",
  ]);
  expect(inputs(["/usr/bin/curl", "-o", "file", "example.test/x"])).toEqual([
    "http://example.test/x",
  ]);
  expect(inputs(["grep", "example.test", "file.txt"])).toEqual([]);
});

it("a connection is traced by the name of its port, then by its address; a name of another port is not its own", () => {
  const named = targetsIn([["x", "https://a.example.test/", "http://b.example.test/"]]);
  const connections = createConnections();
  connections.update(update([sample()]), 0);
  const [connection] = connections.open();
  if (connection === undefined) throw new Error("there is one");
  const hosts = targetsFor(connection, named, new Set()).map(({ host }) => host);
  expect(hosts).toEqual(["a.example.test", "192.0.2.80"]);
});
