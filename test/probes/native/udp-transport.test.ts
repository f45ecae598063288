// The UDP prober over a libc of pure data: what it sets, what it sends, and how it reads answers.

import { describe, expect, test } from "vitest";
import {
  IP_MTU_DISCOVER,
  IP_RECVERR,
  IP_TTL,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPV6_HOPLIMIT,
  IPV6_MTU_DISCOVER,
  IPV6_RECVERR,
  PMTUDISC_OMIT,
  PMTUDISC_PROBE,
  SO_TIMESTAMPNS,
  SOL_SOCKET,
} from "../../../probes/native/constants.ts";
import { openUdpTransport } from "../../../probes/native/udp-transport.ts";
import { COOKIE_BYTES, cookieOf, readCookie, writeCookie } from "../../../probes/packet/cookie.ts";
import { UnsupportedProbeError } from "../../../src/errors.ts";
import { type Control, extendedError, fakeLibc } from "../../builders/libc.ts";

const TO4 = { family: 4, address: "203.0.113.80", port: 33_434 } as const;
const TO6 = { family: 6, address: "2001:db8:80::80", port: 33_434 } as const;
const COOKIE = cookieOf(7, 1);
/** IP and UDP headers (RFC 791, RFC 8200, RFC 768). */
const UDP_OVERHEAD = { 4: 28, 6: 48 } as const;
const ICMP = 2;
const ICMP6 = 3;

function original(cookie = COOKIE): Buffer {
  const payload = Buffer.alloc(COOKIE_BYTES + 4);
  writeCookie(payload, cookie);
  return payload;
}

function reported(
  controls: readonly Control[],
  data = original(),
  to: typeof TO4 | typeof TO6 = TO4,
) {
  const libc = fakeLibc();
  const prober = openUdpTransport(libc, to);
  prober.send({ ttl: 3, sizeBytes: 100, cookie: COOKIE });
  libc.queue({ error: true, data, controls });
  return prober.drain();
}

const error4 = (error: Parameters<typeof extendedError>[0], from: string | null): Control => ({
  level: IPPROTO_IP,
  type: IP_RECVERR,
  body: extendedError(error, from),
});
const error6 = (error: Parameters<typeof extendedError>[0], from: string | null): Control => ({
  level: IPPROTO_IPV6,
  type: IPV6_RECVERR,
  body: extendedError(error, from),
});
const int = (value: number) => {
  const body = Buffer.alloc(4);
  body.writeInt32LE(value);
  return body;
};

describe("sending", () => {
  test.each([TO4, TO6])("a probe of IPv$family is as large as requested, cookie first", (to) => {
    const libc = fakeLibc();
    const prober = openUdpTransport(libc, to);
    expect(prober.send({ ttl: 3, sizeBytes: 1500, cookie: COOKIE })).toBeNull();
    const [payload] = libc.sent;
    expect(payload).toHaveLength(1500 - UDP_OVERHEAD[to.family]);
    expect(payload && readCookie(payload)).toBe(COOKIE);
  });

  test("a size below the smallest still holds the cookie", () => {
    const libc = fakeLibc();
    openUdpTransport(libc, TO4).send({ ttl: 1, sizeBytes: 1, cookie: COOKIE });
    expect(libc.sent[0]).toHaveLength(COOKIE_BYTES);
  });

  test("uses DF without the cached PMTU, and a receiver that caches none", () => {
    for (const [to, level, name] of [
      [TO4, IPPROTO_IP, IP_MTU_DISCOVER],
      [TO6, IPPROTO_IPV6, IPV6_MTU_DISCOVER],
    ] as const) {
      const libc = fakeLibc();
      openUdpTransport(libc, to);
      const [sender, receiver] = [...libc.open];
      expect(libc.options.get(`${sender} ${level} ${name}`)).toBe(PMTUDISC_PROBE);
      expect(libc.options.get(`${receiver} ${level} ${name}`)).toBe(PMTUDISC_OMIT);
    }
  });

  test("gives the kernel's refusal by its name", () => {
    const prober = openUdpTransport(fakeLibc({ call: "sendto", errno: 90 }), TO4);
    expect(prober.send({ ttl: 1, sizeBytes: 1500, cookie: COOKIE })).toBe("EMSGSIZE");
  });
});

describe("an ICMP error", () => {
  const from = "203.0.113.129";

  test("of an expired TTL names the router, the reply's TTL and the round trip", () => {
    const stamp = Buffer.alloc(16);
    stamp.writeBigUInt64LE(1n, 0);
    stamp.writeBigUInt64LE(5_000_000n, 8);
    const controls = [
      { level: SOL_SOCKET, type: SO_TIMESTAMPNS, body: stamp },
      error4({ origin: ICMP, type: 11, code: 0 }, from),
      { level: IPPROTO_IP, type: IP_TTL, body: int(62) },
    ];
    expect(reported(controls)).toMatchObject([
      { cookie: COOKIE, outcome: { kind: "time-exceeded", from, rttMs: 5, replyTtl: 62 } },
    ]);
  });

  test.each([
    { error: error4({ origin: ICMP, type: 3, code: 4, info: 1400 }, from), to: TO4 },
    { error: error6({ origin: ICMP6, type: 2, code: 0, info: 1400 }, from), to: TO6 },
  ])("too big names the MTU, family $to.family", ({ error, to }) => {
    expect(reported([error], original(), to)).toMatchObject([
      { cookie: COOKIE, outcome: { kind: "too-big", from, mtu: 1400 } },
    ]);
  });

  test.each([
    { type: 3, code: 3 },
    { type: 3, code: 13 },
    { type: 11, code: 1 },
  ])("of any other kind keeps its type and code: %o", ({ type, code }) => {
    expect(reported([error4({ origin: ICMP, type, code }, from)])).toMatchObject([
      { outcome: { kind: "unreachable", from, type, code, replyTtl: null } },
    ]);
  });

  test("of ICMPv6 is read by its own numbers", () => {
    const ttl = { level: IPPROTO_IPV6, type: IPV6_HOPLIMIT, body: int(61) };
    const at = "2001:db8::129";
    expect(
      reported([error6({ origin: ICMP6, type: 3, code: 0 }, at), ttl], original(), TO6),
    ).toMatchObject([{ outcome: { kind: "time-exceeded", from: at, replyTtl: 61 } }]);
    expect(
      reported([error6({ origin: ICMP6, type: 1, code: 4 }, at)], original(), TO6),
    ).toMatchObject([{ outcome: { kind: "unreachable", from: at, type: 1, code: 4 } }]);
  });

  test("that returns too little has no cookie, and still an outcome", () => {
    const [answer] = reported([error4({ origin: ICMP, type: 11, code: 0 }, from)], Buffer.alloc(0));
    expect(answer).toMatchObject({ cookie: undefined, outcome: { kind: "time-exceeded" } });
  });

  test("made by this machine's own send is no answer", () => {
    expect(reported([error4({ origin: 1, type: 0, code: 0, info: 1400 }, null)])).toEqual([]);
    expect(reported([])).toEqual([]);
  });
});

describe("control messages that are not whole", () => {
  test.each([0, 4, 15])(
    "an error of %d bytes is no error, and nothing is read past it",
    (length) => {
      const body = Buffer.alloc(length);
      expect(reported([{ level: IPPROTO_IP, type: IP_RECVERR, body }])).toEqual([]);
    },
  );

  test("an error without its sender has none", () => {
    const body = extendedError({ origin: ICMP, type: 11, code: 0 }, null).subarray(0, 16);
    expect(reported([{ level: IPPROTO_IP, type: IP_RECVERR, body }])).toMatchObject([
      { outcome: { kind: "time-exceeded", from: "" } },
    ]);
  });
});

test("data that comes back is a reply", () => {
  const libc = fakeLibc();
  const prober = openUdpTransport(libc, TO4);
  libc.queue({ error: false, data: original(), controls: [] });
  expect(prober.drain()).toMatchObject([
    { cookie: COOKIE, outcome: { kind: "reply", from: TO4.address } },
  ]);
  expect(prober.drain()).toEqual([]);
});

test.each(["socket", "bind", "getsockname", "connect", `setsockopt ${IP_RECVERR}`])(
  "a kernel that refuses %s leaves no socket behind and reports what it refused",
  (call) => {
    const libc = fakeLibc({ call, errno: 1 });
    expect(() => openUdpTransport(libc, TO4)).toThrow(UnsupportedProbeError);
    expect([...libc.open]).toEqual([]);
  },
);

test("closing closes both sockets, once", () => {
  const libc = fakeLibc();
  const prober = openUdpTransport(libc, TO4);
  expect(libc.open.size).toBe(2);
  prober.close();
  prober.close();
  expect(libc.open.size).toBe(0);
});
