// Records in the order of the ring become events: locations are completed, ICMP errors found to belong to drops.

import { describe, expect, it } from "vitest";
import type { Hook } from "../../../probes/kernel/hooks.ts";
import { createInterpreter, type InterpreterNames } from "../../../probes/kernel/interpret.ts";
import type { KernelEvent } from "../../../probes/kernel/kernel-event.ts";
import {
  createDecoder,
  type KernelRecord,
  MATCH,
  RECORD_BYTES,
} from "../../../probes/kernel/record.ts";

const hook = (name: string, stage: Hook["stage"]): Hook => ({
  name,
  stage,
  kind: "tp_btf",
  target: { name, typeId: 1, parameters: [] },
  skb: 0,
  header: "network",
  location: null,
  reason: stage === "drop" ? 2 : null,
  icmp: null,
});
const HOOKS = [
  hook("kfree_skb", "drop"),
  hook("net_dev_queue", "queued"),
  hook("netif_receive_skb", "received"),
  hook("icmp_send", "icmp-sent"),
];
const [DROP, QUEUED, RECEIVED, ICMP_SENT] = [0, 1, 2, 3];

const RECORD: KernelRecord = {
  ...createDecoder()(new DataView(new ArrayBuffer(RECORD_BYTES)), 0),
  location: 0xffff81000010,
  skb: 1,
  id: 0x10007,
  match: MATCH.cookie,
  ifindex: 2,
  interface: "eth0",
  netns: 77,
  reason: 3,
  version: 4,
  protocol: 17,
  hook: DROP,
};

const NAMES: InterpreterNames = {
  hooks: HOOKS,
  reasons: new Map([
    [2, "NOT_SPECIFIED"],
    [3, "NO_SOCKET"],
    [4, "TCP_CLOSE"],
  ]),
  findSymbol: () => ({ symbol: "__udp4_lib_rcv", offset: 15 }),
  namespaces: { nameOf: (inode) => (inode === 77 ? "lab" : null) },
  ignores: () => false,
};

function interpretAll(records: readonly Partial<KernelRecord>[]): KernelEvent[] {
  const { interpret } = createInterpreter(NAMES);
  return records.flatMap((record) => interpret({ ...RECORD, ...record }) ?? []);
}

const icmpOfDrop = (records: readonly Partial<KernelRecord>[]) =>
  interpretAll(records).flatMap((event) => (event.kind === "drop" ? [event.icmpSent] : []));

it("names reason, function, interface and namespace of a drop", () => {
  expect(interpretAll([{}])).toEqual([
    {
      kind: "drop",
      reason: { name: "NO_SOCKET", inferred: false },
      location: { symbol: "__udp4_lib_rcv", offset: 16 },
      icmpSent: null,
      match: { by: "cookie", cookie: 0x10007 },
      monotonicMs: 0,
      device: {
        hook: "kfree_skb",
        interface: "eth0",
        interfaceIndex: 2,
        netns: 77,
        netnsName: "lab",
      },
      packet: {
        family: 4,
        protocol: 17,
        ttl: 0,
        sizeBytes: 0,
        quoted: false,
        icmp: null,
        tcp: null,
      },
    },
  ]);
});

describe("the location of a packet in a socket's queue", () => {
  const nowhere = { interface: "", netns: 0 };
  it("is where it came in", () => {
    const events = interpretAll([{ hook: RECEIVED }, nowhere]);
    expect(events.at(-1)?.device).toMatchObject({ interface: "eth0", netns: 77 });
  });

  it("is not known when it was not seen coming in, or its address was another packet's", () => {
    expect(interpretAll([nowhere])[0]?.device).toMatchObject({ interface: null, netns: null });
    const other = interpretAll([{ hook: RECEIVED, id: 0x10008 }, nowhere]);
    expect(other.at(-1)?.device).toMatchObject({ interface: null, interfaceIndex: 2 });
  });
});

describe("a router's own ICMP error, in the memory of one that came in here", () => {
  const came = { hook: RECEIVED, netns: 77, quoted: true, protocol: 1, icmpType: 3, icmpCode: 4 };
  const dropped = { ...came, hook: DROP, interface: "", ifindex: 0 };

  it("stays where its socket is", () => {
    const device = interpretAll([came, { ...dropped, netns: 88 }]).at(-1)?.device;
    expect(device).toMatchObject({ interface: null, netns: 88 });
  });

  it("is nowhere that is known without one, unless it is the same packet", () => {
    const other = { ...dropped, netns: 0, icmpType: 11, icmpCode: 0 };
    expect(interpretAll([came, other]).at(-1)?.device).toMatchObject({ netns: null });
    const same = interpretAll([came, { ...dropped, netns: 0 }]).at(-1)?.device;
    expect(same).toMatchObject({ interface: "eth0", netns: 77 });
  });
});

describe("the ICMP error that was sent because of a drop", () => {
  const sent = { hook: ICMP_SENT, icmpSentType: 3, icmpSentCode: 3 };
  const error = { skb: 2, protocol: 58, icmpType: 1, icmpCode: 4, quoted: true };

  it("is the one for this packet, once", () => {
    expect(icmpOfDrop([sent, {}, {}])).toEqual([{ type: 3, code: 3 }, null]);
    expect(icmpOfDrop([sent, { id: 0x10008 }])).toEqual([null]);
  });

  it("is the one that left from here where no hook tells", () => {
    const left = { ...error, hook: QUEUED };
    expect(icmpOfDrop([{ hook: RECEIVED }, left, {}])).toEqual([{ type: 1, code: 4 }]);
  });

  it("is not one that only passes through", () => {
    const passing = [
      { ...error, hook: RECEIVED },
      { ...error, hook: QUEUED },
    ];
    expect(icmpOfDrop([...passing, {}])).toEqual([null]);
  });

  it("is nothing for an error that is itself lost", () => {
    expect(icmpOfDrop([{ ...error, hook: QUEUED }, error])).toEqual([null]);
  });
});

it("reports how a packet was recognised", () => {
  const events = interpretAll([
    { match: MATCH.flow, id: 5 },
    { match: MATCH.flow, id: 0x80000005 },
    { match: MATCH.mark, id: 0x57540001 },
    { match: 0 },
    { hook: 99 },
  ]);
  expect(events.map(({ match }) => match)).toEqual([
    { by: "flow", flow: 5, direction: "out" },
    { by: "flow", flow: 5, direction: "in" },
    { by: "mark", mark: 0x57540001 },
  ]);
});

describe("the location of a drop", () => {
  const CALL = RECORD.location - 1;

  it.each<[string, Partial<KernelRecord>, number | null]>([
    ["is needed to recognise it", {}, CALL],
    ["decides where the kernel reports no reason", { reason: 2 }, CALL],
    ["decides where the reason has no name", { reason: 99 }, CALL],
    ["is null where the reason alone shows that none was lost", { reason: 4 }, null],
    ["is nothing where the program found none", { location: 0 }, null],
    ["is nothing of what is no drop", { hook: QUEUED }, null],
    ["is nothing of what is nobody's", { match: 0 }, null],
  ])("%s", (_, record, expected) => {
    expect(createInterpreter(NAMES).locationOf({ ...RECORD, ...record })).toBe(expected);
  });

  it("is not looked up where nobody wants the drop reported, which is then no event", () => {
    const ignores: InterpreterNames["ignores"] = ({ match }) => match.by === "flow";
    const { locationOf: placeOf, interpret } = createInterpreter({ ...NAMES, ignores });
    const flow = { ...RECORD, match: MATCH.flow, id: 5 };
    expect([placeOf(flow), interpret(flow)]).toEqual([null, null]);
    expect(placeOf(RECORD)).toBe(CALL);
    expect(interpret(RECORD)).toMatchObject({ kind: "drop" });
  });
});
