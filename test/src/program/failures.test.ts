// What of a program that is over is worth a trace: failures of every kind, and what only looks like one.

import { describe, expect, it } from "vitest";
import { createConnections } from "../../../src/program/connections.ts";
import { hasFailedUnowned, worthTracing } from "../../../src/program/failures.ts";
import type { OwnedSample } from "../../../src/program/port.ts";
import { targetsIn } from "../../../src/program/targets.ts";
import { tcpInfo } from "../../builders/tcp.ts";

interface Given extends Omit<Partial<OwnedSample>, "info"> {
  readonly acked?: number;
  readonly received?: number;
}

const NONE: ReadonlySet<string> = new Set();

const tcp = ({ acked = 100, received = 500, ...rest }: Given = {}): OwnedSample => ({
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
  info: { ...tcpInfo(), bytesAcked: acked, bytesReceived: received },
  ages: { lastDataSentMs: 900, lastDataReceivedMs: 10, lastAckReceivedMs: 10 },
  ...rest,
});
const lookUp = (id: string, address: string): OwnedSample =>
  tcp({ id, protocol: "udp", address, port: 53 });

interface Life {
  readonly sample: OwnedSample;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Connections as they were seen to open and to close. */
function lived(lives: readonly Life[]) {
  const connections = createConnections();
  const times = lives.flatMap(({ fromMs, toMs }) => [fromMs, toMs]).sort((a, b) => a - b);
  for (const atMs of times) {
    const open = lives.filter(({ fromMs, toMs }) => fromMs <= atMs && toMs > atMs);
    const closed = lives.filter(({ toMs }) => toMs === atMs);
    const update = {
      open: open.map(({ sample }) => sample),
      closed: closed.map((one) => one.sample),
    };
    connections.update({ ...update, unowned: [], lost: false }, atMs);
  }
  return connections.closed().kept;
}

const NOTHING = { failed: false, kept: [], unowned: [], named: [], proxies: NONE };
const idsOf = (kept: ReturnType<typeof lived>, failed = false) =>
  worthTracing({ ...NOTHING, failed, kept }).failures.map(({ sample }) => sample.id);

describe("of connections that are over", () => {
  it.each<readonly [string, Life, readonly string[]]>([
    ["one that was answered is nothing", { sample: tcp(), fromMs: 0, toMs: 100 }, []],
    [
      "one that was refused is a failure",
      { sample: tcp({ acked: 0, received: 0 }), fromMs: 0, toMs: 20 },
      ["1"],
    ],
    [
      "one that was accepted and not used is nothing",
      { sample: tcp({ acked: 1, received: 0 }), fromMs: 0, toMs: 20 },
      [],
    ],
    [
      "one that waited for a greeting in vain is a failure",
      { sample: tcp({ acked: 1, received: 0 }), fromMs: 0, toMs: 2000 },
      ["1"],
    ],
    [
      "one that was asked and said nothing is a failure",
      { sample: tcp({ received: 0 }), fromMs: 0, toMs: 20 },
      ["1"],
    ],
    [
      "one whose data nobody acknowledged is given up",
      { sample: tcp({ unsent: 900 }), fromMs: 0, toMs: 1600 },
      ["1"],
    ],
    [
      "one that was cut off in the middle of sending is nothing",
      { sample: tcp({ unsent: 900 }), fromMs: 0, toMs: 300 },
      [],
    ],
    [
      "a client that came and went is nothing",
      { sample: tcp({ accepted: true, acked: 1, received: 0 }), fromMs: 0, toMs: 9000 },
      [],
    ],
    ["a quick look-up is nothing", { sample: lookUp("1", "192.0.2.53"), fromMs: 0, toMs: 800 }, []],
    [
      "a slow look-up is given up",
      { sample: lookUp("1", "192.0.2.53"), fromMs: 0, toMs: 2500 },
      ["1"],
    ],
  ])("%s", (_, life, ids) => {
    expect(idsOf(lived([life]))).toEqual(ids);
  });

  it("a name server behind which another one was asked is worth a trace, and the other one is not", () => {
    const first = { sample: lookUp("dead", "192.0.2.53"), fromMs: 0, toMs: 1040 };
    const next = { sample: lookUp("next", "192.0.2.54"), fromMs: 1000, toMs: 1040 };
    expect(idsOf(lived([first, next]))).toEqual(["dead"]);
    // Asked one after the other, as by a program with several names.
    expect(idsOf(lived([{ ...first, toMs: 20 }, next]))).toEqual([]);
  });

  it("one that was seen before it was accepted, and answered before it was seen again, has not failed", () => {
    const connections = createConnections();
    const asking = tcp({ state: 2, acked: 0, received: 0 });
    connections.update({ open: [asking], closed: [], unowned: [], lost: false }, 0);
    const answered = tcp({ state: 2 });
    connections.update({ open: [], closed: [answered], unowned: [], lost: false }, 5);
    expect(idsOf(connections.closed().kept)).toEqual([]);
  });
});

describe("an end that is nobody's", () => {
  const named = targetsIn([["curl", "https://a.example.test/", "http://192.0.2.81:8080/"]]);
  const refused = tcp({ acked: 0, received: 0 });
  const targetOf = (unowned: readonly OwnedSample[], more = {}) =>
    worthTracing({ ...NOTHING, unowned, named, ...more }).target?.host;

  it("is what the program meant where it leads there", () => {
    expect(targetOf([refused])).toBe("a.example.test");
    expect(targetOf([{ ...refused, port: 22 }])).toBeUndefined();
    expect(targetOf([{ ...refused, port: 8080 }])).toBeUndefined();
    expect(targetOf([{ ...refused, port: 8080, address: "192.0.2.81" }])).toBe("192.0.2.81");
    expect(targetOf([tcp()])).toBeUndefined();
  });

  it("is what it meant where the environment's proxy refused", () => {
    const proxies = new Set(["192.0.2.90:3128"]);
    const told = tcp({ address: "192.0.2.90", port: 3128, received: 25 });
    expect(targetOf([told], { proxies })).toBe("a.example.test");
    expect(targetOf([told])).toBeUndefined();
    expect(hasFailedUnowned(told, proxies)).toBe(true);
  });

  it("is taken for the program's where that failed, names nothing and has no other", () => {
    expect(targetOf([refused], { named: [], failed: true })).toBe("192.0.2.80");
    expect(targetOf([refused], { named: [] })).toBeUndefined();
    const elsewhere = [refused, { ...refused, port: 80 }];
    expect(targetOf(elsewhere, { named: [], failed: true })).toBeUndefined();
  });
});
