// Each transport over real routers: who answers at which TTL, with what, and what the kernel learns of it.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadLibc } from "../../probes/native/libc.ts";
import { openPingTransport } from "../../probes/native/ping-transport.ts";
import { openSynTransport } from "../../probes/native/syn-transport.ts";
import type { Answer, Transport } from "../../probes/native/transport.ts";
import { openUdpTransport } from "../../probes/native/udp-transport.ts";
import { cookieOf } from "../../probes/packet/cookie.ts";
import type { Family } from "../../src/model/events/common.ts";
import { inside } from "./foreign/inside.ts";
import type { Net } from "./foreign/net.ts";
import { createOffice, OFFICE } from "./foreign/office.ts";

let net: Net;
const libc = await loadLibc();

beforeAll(async () => {
  net = await createOffice({ tunnelMtu: 1400 });
  const group = "net.ipv4.ping_group_range=0 2147483647";
  await net.run("guest", "sysctl", "-qw", group);
  await net.serve(
    "site",
    process.execPath,
    "-e",
    'require("node:net").createServer((s) => s.destroy()).listen(443, "::", () => console.log("ready"))',
  );
});
afterAll(() => net.remove());

const SITE = { 4: OFFICE.site4, 6: OFFICE.site6 } as const;
const ROUTERS = {
  4: [OFFICE.box4, OFFICE.far4],
  6: [OFFICE.box6, "2001:db8:72::1"],
} as const;
const FAMILIES: readonly Family[] = [4, 6];

function open(protocol: Transport["protocol"], family: Family, port = 443): Transport {
  const to = { family, address: SITE[family] };
  if (protocol === "udp") return openUdpTransport(libc, { ...to, port: 33_434 });
  return protocol === "icmp"
    ? openPingTransport(libc, to)
    : openSynTransport(libc, { ...to, port });
}

interface Probe {
  readonly ttl: number;
  readonly sizeBytes?: number;
}

/** Sends all at once; the answers by the place of their probe. */
function exchange(
  protocol: Transport["protocol"],
  family: Family,
  probes: readonly Probe[],
  port?: number,
): Promise<readonly (Answer | undefined)[]> {
  return inside(net, "guest", async () => {
    const transport = open(protocol, family, port);
    try {
      const cookies = probes.map((_, n) => cookieOf(0x5a5a, n + 1));
      for (const [n, { ttl, sizeBytes = transport.smallestBytes }] of probes.entries()) {
        expect(transport.send({ ttl, sizeBytes, cookie: cookies[n] ?? 0 })).toBeNull();
      }
      const answers: Answer[] = [];
      for (let tries = 0; tries < 100 && answers.length < probes.length; tries++) {
        answers.push(...transport.drain());
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return cookies.map((cookie) => answers.find((answer) => answer.cookie === cookie));
    } finally {
      transport.close();
    }
  });
}

const outcomes = (answers: readonly (Answer | undefined)[]) =>
  answers.map((answer) => answer?.outcome);

describe.each(FAMILIES)("over IPv%i", (family) => {
  it.each([
    ["udp", { kind: "unreachable" }],
    ["icmp", { kind: "reply", with: "echo-reply" }],
    ["tcp", { kind: "reply", with: "syn-ack" }],
  ] as const)("%s finds both routers and the target, all TTLs at once", async (protocol, own) => {
    const answers = await exchange(protocol, family, [{ ttl: 1 }, { ttl: 2 }, { ttl: 3 }]);
    expect(outcomes(answers)).toMatchObject([
      { kind: "time-exceeded", from: ROUTERS[family][0] },
      { kind: "time-exceeded", from: ROUTERS[family][1] },
      { from: SITE[family], ...own },
    ]);
    for (const outcome of outcomes(answers)) {
      expect(outcome !== undefined && "rttMs" in outcome && outcome.rttMs).toBeGreaterThan(0);
    }
  });

  it("a closed TCP port answers with a reset", async () => {
    const answers = await exchange("tcp", family, [{ ttl: 64 }], 444);
    expect(outcomes(answers)).toMatchObject([{ kind: "reply", with: "reset" }]);
  });

  it("nothing that the transports may send is learnt as a PMTU", async () => {
    const protocols = family === 4 ? (["udp", "icmp"] as const) : (["udp"] as const);
    for (const protocol of protocols) {
      const [told] = outcomes(await exchange(protocol, family, [{ ttl: 64, sizeBytes: 1500 }]));
      // IPv6: refused to a socket that learns nothing, so it is only counted.
      if (family === 4) expect(told).toMatchObject({ kind: "too-big", mtu: 1400 });
      else expect(told).toBeUndefined();
      expect(await net.ip("guest", "route", "get", SITE[family])).not.toContain("mtu");
    }
  });
});

it("a server that closes at once has answered all the same", async () => {
  for (const hang of ["destroy", "resetAndDestroy"]) {
    const source = `require("node:net").createServer((s) => s.${hang}()).listen(${hang.length}, "::", () => console.log("ready"))`;
    await net.serve("site", process.execPath, "-e", source);
    const probes = Array.from({ length: 8 }, () => ({ ttl: 64 }));
    const answers = outcomes(await exchange("tcp", 4, probes, hang.length));
    for (const outcome of answers) expect(outcome).toMatchObject({ with: "syn-ack" });
  }
});

it("a ping socket's replies carry their TTL", async () => {
  const [outcome] = outcomes(await exchange("icmp", 4, [{ ttl: 64 }]));
  expect(outcome).toMatchObject({ kind: "reply", replyTtl: 62 });
});

it("says which sizes the kernel would learn from", async () => {
  await inside(net, "guest", async () => {
    const ping = open("icmp", 6);
    expect(ping.learnsAbove).toBe(ping.smallestBytes);
    ping.close();
  });
});

it("a user outside of ping_group_range gets no ping socket, and is told so", async () => {
  await net.run("guest", "sysctl", "-qw", "net.ipv4.ping_group_range=1 0");
  await inside(net, "guest", async () => {
    expect(() => open("icmp", 4)).toThrow(/ping socket \(EACCES\)/);
  });
});
