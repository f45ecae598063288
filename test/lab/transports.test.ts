// Each transport over real routers: who answers at which TTL, with what, and what the kernel caches of it.

import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  checkedRawSockets,
  koffiEngine,
  type ProbeEngine,
  rawEngine,
} from "../../probes/native/engine.ts";
import { loadLibc } from "../../probes/native/libc.ts";
import { openTcp } from "../../probes/native/tcp-socket.ts";
import type { Answer, Transport } from "../../probes/native/transport.ts";
import { cookieOf } from "../../probes/packet/cookie.ts";
import type { Family } from "../../src/schema/events/common.ts";
import type { ProbeOutcome } from "../../src/schema/events/probe.ts";
import { inside } from "./independent/inside.ts";
import type { Net } from "./independent/net.ts";
import { createOffice, OFFICE } from "./independent/office.ts";

let net: Net;
const libc = await loadLibc();
const SESSION = 0x5a5a;
const deps = { libc, session: SESSION, now: () => performance.now() };
const ENGINES: readonly ProbeEngine[] = [
  koffiEngine(deps),
  rawEngine({ ...deps, sockets: await checkedRawSockets() }),
];

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

const LOSE_SYN_ACKS = `table inet lossy {
  chain packets {
    type filter hook output priority 0; policy accept;
    tcp flags & (syn | ack) == syn | ack drop
  }
}
`;

const SITE = { 4: OFFICE.site4, 6: OFFICE.site6 } as const;
const ROUTERS = {
  4: [OFFICE.box4, OFFICE.far4],
  6: [OFFICE.box6, "2001:db8:72::1"],
} as const;
const FAMILIES: readonly Family[] = [4, 6];

function open(
  engine: ProbeEngine,
  protocol: Transport["protocol"],
  family: Family,
  port = 443,
): Transport {
  const to = { family, address: SITE[family] };
  if (protocol === "udp") return engine.udp({ ...to, port: 33_434 });
  return protocol === "icmp" ? engine.echo(to) : engine.syn({ ...to, port });
}

interface Probe {
  readonly ttl: number;
  readonly sizeBytes?: number;
}

/** Sends all at once; the answers by the location of their probe. */
function exchange(
  engine: ProbeEngine,
  protocol: Transport["protocol"],
  family: Family,
  probes: readonly Probe[],
  port?: number,
): Promise<readonly (Answer | undefined)[]> {
  return inside(net, "guest", async () => {
    const transport = open(engine, protocol, family, port);
    try {
      const cookies = probes.map((_, n) => cookieOf(SESSION, n + 1));
      for (const [n, { ttl, sizeBytes = transport.smallestBytes }] of probes.entries()) {
        expect(transport.send({ ttl, sizeBytes, cookie: cookies[n] ?? 0 })).toBeNull();
      }
      const answers: Answer[] = [];
      for (let attempts = 0; attempts < 100 && answers.length < probes.length; attempts++) {
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

describe.each(ENGINES)("$name", (engine) => {
  describe.each(FAMILIES)("over IPv%i", (family) => {
    it.each([
      ["udp", { kind: "unreachable" }],
      ["icmp", { kind: "reply", with: "echo-reply" }],
      ["tcp", { kind: "reply", with: "syn-ack" }],
    ] as const)("%s finds both routers and the target, all TTLs at once", async (protocol, own) => {
      const probes = [{ ttl: 1 }, { ttl: 2 }, { ttl: 3 }];
      const answers = await exchange(engine, protocol, family, probes);
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
      const answers = await exchange(engine, "tcp", family, [{ ttl: 64 }], 444);
      expect(outcomes(answers)).toMatchObject([{ kind: "reply", with: "reset" }]);
    });

    it("a second SYN of a port is answered where the answer to the first was lost", async () => {
      await net.nft("site", LOSE_SYN_ACKS);
      const told = await inside(net, "guest", async () => {
        const to = { family, address: SITE[family], port: 443 };
        const transport = engine.syn(to, { oneFlow: true });
        const ask = async (number: number) => {
          const cookie = cookieOf(SESSION, number);
          transport.send({ ttl: 64, sizeBytes: transport.smallestBytes, cookie });
          await new Promise((resolve) => setTimeout(resolve, 100));
          return transport.drain().filter((answer) => answer.cookie === cookie);
        };
        try {
          const first = await ask(40);
          await net.nft("site", "delete table inet lossy\n");
          const second = await ask(41);
          await new Promise((resolve) => setTimeout(resolve, 600));
          return [first, second, await ask(42)];
        } finally {
          transport.close();
        }
      });
      expect(told.map(outcomes)).toMatchObject([
        [],
        [
          {
            kind: "reply",
            from: SITE[family],
            with: expect.stringMatching(/^(syn-ack|ack|reset)$/),
          },
        ],
        [{ kind: "reply", from: SITE[family] }],
      ]);
    });

    it("nothing that the transports may send is cached as a PMTU", async () => {
      const raw = engine.name === "raw-socket";
      for (const protocol of ["udp", "icmp", "tcp"] as const) {
        const safe = await inside(net, "guest", async () => {
          const transport = open(engine, protocol, family);
          transport.close();
          return transport.cachesAbove === null;
        });
        if (!safe) continue;
        const probes = [{ ttl: 64, sizeBytes: 1500 }];
        const [told] = outcomes(await exchange(engine, protocol, family, probes));
        // IPv6: refused to a kernel's socket that caches nothing, so it is only counted.
        if (family === 4 || raw) expect(told).toMatchObject({ kind: "too-big", mtu: 1400 });
        else expect(told).toBeUndefined();
        expect(await net.ip("guest", "route", "get", SITE[family])).not.toContain("mtu");
      }
    });
  });

  it("a server that closes at once has answered all the same", async () => {
    for (const hang of ["destroy", "resetAndDestroy"]) {
      const port = hang.length + (engine.name === "koffi" ? 0 : 100);
      const source = `require("node:net").createServer((s) => s.${hang}()).listen(${port}, "::", () => console.log("ready"))`;
      await net.serve("site", process.execPath, "-e", source);
      const probes = Array.from({ length: 8 }, () => ({ ttl: 64 }));
      const answers = outcomes(await exchange(engine, "tcp", 4, probes, port));
      for (const outcome of answers) expect(outcome).toMatchObject({ with: "syn-ack" });
    }
  });

  it("an echo reply carries its TTL", async () => {
    const [outcome] = outcomes(await exchange(engine, "icmp", 4, [{ ttl: 64 }]));
    expect(outcome).toMatchObject({ kind: "reply", replyTtl: 62 });
  });

  it("reports which sizes the kernel would learn from", async () => {
    await inside(net, "guest", async () => {
      const ping = open(engine, "icmp", 6);
      expect(ping.cachesAbove).toBe(ping.smallestBytes);
      ping.close();
    });
  });
});

it("raw SYNs of a sweep are one flow, and forty to the target are as many", async () => {
  const [, raw] = ENGINES;
  if (raw === undefined) throw new Error("no raw engine");
  const hops = await exchange(raw, "tcp", 4, [{ ttl: 1 }, { ttl: 2 }]);
  const ports = hops.map((answer) => answer?.quote?.sourcePort);
  expect(new Set(ports).size).toBe(1);
  const forty = Array.from({ length: 40 }, () => ({ ttl: 64 }));
  const answers = outcomes(await exchange(raw, "tcp", 4, forty));
  for (const outcome of answers) expect(outcome).toMatchObject({ with: "syn-ack" });
});

it("connections to a silent port hold nothing up: files are read while more wait than libuv has threads", async () => {
  const silent = `table inet silent {
    chain before { type filter hook prerouting priority 0; tcp dport 4444 drop; }
  }
  `;
  await net.nft("site", silent);
  await inside(net, "guest", async () => {
    const to = { family: 4, address: SITE[4], port: 4444 } as const;
    const opened = Array.from({ length: 12 }, () => openTcp(libc, to, null));
    const sockets = opened.flatMap((one) => (one.kind === "connecting" ? [one.socket] : []));
    try {
      expect(sockets).toHaveLength(12);
      const texts = await Promise.all(sockets.map(() => readFile("/proc/self/status", "utf8")));
      expect(texts.filter((text) => text.startsWith("Name:"))).toHaveLength(12);
      // TCP_SYN_SENT of include/net/tcp_states.h: the kernel still waits for an answer to each.
      expect(sockets.map((socket) => socket.info()?.state)).toEqual(sockets.map(() => 2));
    } finally {
      for (const socket of sockets) socket.close();
    }
  });
});

/** Whether the answer of a probe came, in its own protocol. */
async function echoes(transport: Transport): Promise<ProbeOutcome> {
  try {
    transport.send({ ttl: 64, sizeBytes: 84, cookie: cookieOf(SESSION, 77) });
    for (;;) {
      const [answer] = transport.drain();
      if (answer !== undefined) return answer.outcome;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  } finally {
    transport.close();
  }
}

describe("outside of ping_group_range", () => {
  it.each(FAMILIES)(
    "an echo request goes as a raw packet where that is allowed, over IPv%i",
    async (family) => {
      await net.run("guest", "sysctl", "-qw", "net.ipv4.ping_group_range=1 0");
      const transport = await inside(net, "guest", async () =>
        koffiEngine(deps).echo({ family, address: SITE[family] }),
      );
      expect(await echoes(transport)).toMatchObject({ kind: "reply", with: "echo-reply" });
    },
  );
});
