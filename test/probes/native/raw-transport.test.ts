// Raw probes over sockets of pure data: what leaves, whose answers count, and what their original datagrams show.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { onePort, portsInTurn } from "../../../probes/native/raw-port-choice.ts";
import {
  RAW_ECHO,
  RAW_SYN,
  RAW_UDP,
  type RawFlow,
  type RawProtocol,
} from "../../../probes/native/raw-probes.ts";
import { openRawTransport } from "../../../probes/native/raw-transport.ts";
import { cookieOf } from "../../../probes/packet/cookie.ts";
import { decodeIp } from "../../../probes/packet/ip.ts";
import { encodeIpv4 } from "../../../probes/packet/ipv4.ts";
import { encodeTcp, synOptions, TCP_FLAG } from "../../../probes/packet/tcp.ts";
import { encodeUdp } from "../../../probes/packet/udp.ts";
import { icmpError } from "../../builders/packets.ts";
import { fakeRawSockets } from "../../builders/raw-sockets.ts";

const US = "192.0.2.9";
const SITE = "198.51.100.44";
const ROUTER = "203.0.113.1";
const FLOW: RawFlow = {
  source: US,
  destination: SITE,
  destinationPort: 443,
  family: 4,
  mss: 1460,
};
const COOKIE = cookieOf(7, 3);
const EXPIRED = [11, 0, 0] as const;
const [ICMP, TCP, UDP] = [1, 6, 17];

function set(kind: RawProtocol, refuse?: Parameters<typeof fakeRawSockets>[0]) {
  const sockets = fakeRawSockets(refuse);
  let nowMs = 0;
  let held = true;
  const transport = openRawTransport(sockets, kind, FLOW, {
    address: SITE,
    now: () => {
      nowMs += 5;
      return nowMs;
    },
    from: onePort({
      number: 40_000,
      release: () => {
        held = false;
      },
    }),
  });
  const send = (sizeBytes = 0, cookie = COOKIE) => transport.send({ ttl: 2, sizeBytes, cookie });
  const packet = () => sockets.sent.at(-1)?.packet ?? Buffer.alloc(0);
  const from = (source: string, protocol: number, payload: Buffer) => {
    const header = { source, destination: US, ttl: 61, protocol, id: 1 };
    sockets.arrive(protocol, encodeIpv4(header, payload), source);
    return transport.drain();
  };
  const wait = (ms: number) => {
    nowMs += ms;
  };
  return { sockets, transport, send, packet, from, wait, isHeld: () => held };
}

describe.each([RAW_UDP, RAW_ECHO, RAW_SYN])("a probe over $protocol", (kind) => {
  test("is as large as requested, with DF, its TTL and a number of its own", () => {
    const { send, packet, transport } = set(kind);
    for (const size of [0, transport.smallestBytes, 999, 1500]) {
      send(size);
      expect(packet()).toHaveLength(Math.max(size, transport.smallestBytes));
      expect(decodeIp(packet())).toMatchObject({ ttl: 2, dontFragment: true, id: 3 });
    }
  });

  test("that a router returns is reported with the router, the original datagram and the time since it left", () => {
    const { send, packet, from } = set(kind);
    send();
    expect(from(ROUTER, ICMP, icmpError(EXPIRED, packet()))).toMatchObject([
      {
        cookie: COOKIE,
        outcome: { kind: "time-exceeded", from: ROUTER, replyTtl: 61, rttMs: 5 },
        quote: { source: US, destination: SITE, ttl: 2, rewritten: [] },
      },
    ]);
  });

  test("of another run, another target or another port is nobody's", () => {
    const mine = set(kind);
    mine.send();
    const theirs = set(kind);
    theirs.send(0, cookieOf(8, 3));
    expect(mine.from(ROUTER, ICMP, icmpError(EXPIRED, theirs.packet()))).toEqual([]);
    const moved = Buffer.from(mine.packet());
    moved.writeUInt8(99, 19);
    const port = kind === RAW_ECHO ? 24 : 20;
    moved.writeUInt16BE(1234, port);
    expect(mine.from(ROUTER, ICMP, icmpError(EXPIRED, moved))).toEqual([]);
    expect(mine.from(ROUTER, ICMP, icmpError(EXPIRED, moved.subarray(0, 28)))).toEqual([]);
  });

  test("whatever arrives, nothing throws and nothing is believed", () => {
    const { send, sockets, transport } = set(kind);
    send();
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 100 }),
        fc.constantFrom(ICMP, TCP, UDP),
        (random, to) => {
          const bytes = encodeIpv4(
            { source: SITE, destination: US, ttl: 9, protocol: to, id: 1 },
            random,
          );
          sockets.arrive(to, bytes, SITE);
          sockets.arrive(to, Buffer.from(random), SITE);
          expect(transport.drain()).toEqual([]);
        },
      ),
    );
  });

  test("that the kernel refuses is reported as not sent", () => {
    const { send, transport } = set(kind, { send: "EMSGSIZE" });
    expect(send(9000)).toBeNull();
    expect(transport.drain()).toMatchObject([
      { cookie: COOKIE, outcome: { kind: "send-failed", error: "EMSGSIZE" } },
    ]);
  });

  test("cannot leave when a socket has failed", () => {
    const { send, sockets } = set(kind);
    sockets.fail("ENETDOWN");
    expect(send()).toBe("ENETDOWN");
  });

  test("needs its sockets, and leaves none behind", () => {
    expect(() => set(kind, { open: ICMP })).toThrow(/CAP_NET_RAW/);
    const { transport, sockets, isHeld } = set(kind);
    transport.close();
    transport.close();
    expect(sockets.opened()).toEqual([]);
    expect(isHeld()).toBe(false);
  });
});

describe("an original datagram", () => {
  test("of 8 bytes names the probe by its first bytes, and another's by none", () => {
    for (const kind of [RAW_UDP, RAW_ECHO, RAW_SYN]) {
      const { send, packet, from } = set(kind);
      send(0, cookieOf(7, 3));
      const first = packet();
      send(0, cookieOf(7, 4));
      const original = (bytes: Buffer) => icmpError(EXPIRED, bytes.subarray(0, 28));
      expect(from(ROUTER, ICMP, original(first))).toMatchObject([{ cookie: cookieOf(7, 3) }]);
      expect(from(ROUTER, ICMP, original(packet()))).toMatchObject([{ cookie: cookieOf(7, 4) }]);
    }
  });

  test("shows what a NAT, a marking router and a clamp made of the probe", () => {
    const { send, packet, from } = set(RAW_SYN);
    send();
    const seen = Buffer.from(packet());
    seen.writeUInt8(0x48, 1);
    seen.writeUInt16BE(0, 6);
    seen.writeUInt8(77, 15);
    seen.writeUInt16BE(1360, 42);
    const [answer] = from(ROUTER, ICMP, icmpError(EXPIRED, seen));
    expect(answer?.quote).toMatchObject({ source: "192.0.2.77", mss: 1360, trafficClass: 0x48 });
    expect(answer?.quote?.rewritten).toEqual([
      { field: "source", sent: US, quoted: "192.0.2.77" },
      { field: "traffic-class", sent: 0, quoted: 0x48 },
      { field: "dont-fragment", sent: 1, quoted: 0 },
      { field: "mss", sent: 1460, quoted: 1360 },
    ]);
  });

  test("shows the TCP options that were taken out", () => {
    const { send, packet, from } = set(RAW_SYN);
    send();
    const seen = Buffer.from(packet());
    // SACK permitted becomes two no-operations.
    seen.set([1, 1], 44);
    const [answer] = from(ROUTER, ICMP, icmpError(EXPIRED, seen));
    expect(answer?.quote?.rewritten).toEqual([
      { field: "tcp-options", sent: "2,4,8,3", quoted: "2,8,3" },
    ]);
  });
});

describe("the target's own answer to a SYN", () => {
  const ports = { sourcePort: 443, destinationPort: 40_000 };
  const segment = (flags: number, acknowledgement: number, other: Partial<typeof ports> = {}) =>
    encodeTcp(
      { source: SITE, destination: US },
      { ...ports, ...other, sequence: 99, acknowledgement, flags, window: 1 },
      synOptions(1460, 1),
      Buffer.alloc(0),
    );
  const SYN_ACK = TCP_FLAG.syn | TCP_FLAG.ack;
  const RESET = TCP_FLAG.reset | TCP_FLAG.ack;

  test("counts when it acknowledges the probe", () => {
    const { send, from } = set(RAW_SYN);
    send();
    expect(from(SITE, TCP, segment(SYN_ACK, COOKIE + 1))).toMatchObject([
      { cookie: COOKIE, outcome: { kind: "reply", with: "syn-ack", replyTtl: 61 } },
    ]);
    expect(from(SITE, TCP, segment(RESET, COOKIE + 1))).toMatchObject([
      { outcome: { with: "reset" } },
    ]);
  });

  test("that acknowledges the data of a large SYN counts too", () => {
    const { send, from, transport } = set(RAW_SYN);
    send(transport.smallestBytes + 100);
    expect(from(SITE, TCP, segment(RESET, COOKIE + 101))).toMatchObject([{ cookie: COOKIE }]);
  });

  test("is an ACK where an earlier SYN of that port is known there still", () => {
    const { send, from, transport } = set(RAW_SYN);
    send();
    transport.send({ ttl: 64, sizeBytes: transport.smallestBytes, cookie: COOKIE + 1 });
    expect(from(SITE, TCP, segment(TCP_FLAG.ack, COOKIE + 1))).toMatchObject([
      { cookie: COOKIE + 1, outcome: { kind: "reply", with: "ack" } },
    ]);
  });

  test("a second later is what the target has repeated", () => {
    const { send, from, wait } = set(RAW_SYN);
    send();
    wait(1000);
    expect(from(SITE, TCP, segment(SYN_ACK, COOKIE + 1))).toEqual([]);
  });

  test("from another address or port, or to another number, is not ours", () => {
    const { send, from } = set(RAW_SYN);
    send();
    expect(from(ROUTER, TCP, segment(SYN_ACK, COOKIE + 1))).toEqual([]);
    expect(from(SITE, TCP, segment(SYN_ACK, COOKIE + 2))).toEqual([]);
    expect(from(SITE, TCP, segment(SYN_ACK, COOKIE + 1, { sourcePort: 80 }))).toEqual([]);
    expect(from(SITE, TCP, segment(SYN_ACK, COOKIE + 1, { destinationPort: 40_001 }))).toEqual([]);
    expect(from(SITE, TCP, segment(TCP_FLAG.ack, COOKIE + 1))).toEqual([]);
    expect(from(SITE, TCP, segment(TCP_FLAG.reset, COOKIE + 1))).toEqual([]);
  });
});

test("data without our cookie answer nothing", () => {
  const { send, from } = set(RAW_UDP);
  send();
  const endpoints = { source: SITE, destination: US };
  const data = (payload: Buffer) =>
    encodeUdp(endpoints, { source: 443, destination: 40_000 }, payload);
  expect(from(SITE, UDP, data(Buffer.from("something else")))).toEqual([]);
});

describe("ports in turn", () => {
  function choice() {
    let made = 0;
    const freed: number[] = [];
    const ports = portsInTurn(() => {
      made += 1;
      const number = made;
      return { number, release: () => freed.push(number) };
    });
    return { ports, freed };
  }

  test("stay one while each TTL is probed once, so that a sweep is one flow", () => {
    const { ports } = choice();
    expect([1, 2, 3, 9].map(ports.next)).toEqual([1, 1, 1, 1]);
  });

  test("change for a TTL that is probed again, and once the target has answered", () => {
    const { ports, freed } = choice();
    expect([1, 2, 2, 1, 2].map(ports.next)).toEqual([1, 1, 2, 2, 3]);
    ports.answered();
    expect([ports.next(7), ports.next(8), ports.current()]).toEqual([4, 4, 4]);
    expect(freed).toEqual([]);
    ports.release();
    expect(freed).toEqual([1, 2, 3, 4]);
  });
});

test("a SYN that gets no port is reported as not sent", () => {
  let made = 0;
  const from = portsInTurn(() => {
    made += 1;
    if (made > 1) throw new Error("no free port");
    return { number: 40_000, release: () => undefined };
  });
  const sockets = fakeRawSockets();
  const transport = openRawTransport(sockets, RAW_SYN, FLOW, { address: SITE, now: () => 0, from });
  expect(transport.send({ ttl: 64, sizeBytes: 0, cookie: cookieOf(7, 1) })).toBeNull();
  expect(transport.send({ ttl: 64, sizeBytes: 0, cookie: cookieOf(7, 2) })).toBe("no free port");
});
