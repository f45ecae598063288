// Every way in which the kernel drops a probe, in namespaces: reported once, with reason, location and what was sent back.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Libc, loadLibc } from "../../probes/native/libc.ts";
import { cookieOf } from "../../probes/packet/cookie.ts";
import { whyNo } from "./harness/bpf-rights.ts";
import {
  CLIENT,
  createKernelNet,
  FILTERED_PORT,
  NOBODY,
  SERVER,
  STRAY,
} from "./harness/kernel-net.ts";
import { createSender, openFullSocket, type Sender } from "./harness/probe-sender.ts";
import { type WatchedTrace, watch } from "./harness/watched-trace.ts";
import type { Net } from "./independent/net.ts";

const whyNot = await whyNo("tp_btf");
const SESSION = process.pid & 0xffff;
/** That no other run on this machine sets. */
const OTHER_MARK = 0x70000000 + SESSION;
const CLOSED_PORT = 9;
const BUFFER_PORT = 5005;

/** A NAT puts the router's address instead of the client's. */
const masquerade = (family: "ip" | "ip6") => `table ${family} translated {
  chain leaving {
    type nat hook postrouting priority 100; policy accept;
    oifname "r1" counter masquerade
  }
}
`;
const BY_RULE = ["NETFILTER_DROP", "nft_do_chain", "r", "r0", null];
const MASQUERADE = { 4: masquerade("ip"), 6: masquerade("ip6") } as const;

describe.skipIf(whyNot !== null)(`drops${whyNot ? ` (${whyNot})` : ""}`, () => {
  let net: Net;
  let libc: Libc;
  let sender: Sender;
  let watched: WatchedTrace;
  let n = 0;
  const nextCookie = () => {
    n += 1;
    return cookieOf(SESSION, n);
  };
  beforeAll(async () => {
    net = await createKernelNet();
    libc = await loadLibc();
    sender = createSender(libc, net.name("c"));
    watched = await watch({ session: SESSION });
  });
  afterAll(async () => {
    await watched?.close();
    sender?.close();
    await net?.remove();
  });

  /** A probe that is known to be dropped: once it is there, so is everything before it. */
  const settle = async (target: WatchedTrace = watched) => {
    const last = nextCookie();
    sender.udp(SERVER[4], CLOSED_PORT, last);
    await target.until(
      ({ kind, match }) => kind === "drop" && match.by === "cookie" && match.cookie === last,
    );
  };

  interface Case {
    readonly name: string;
    readonly send: (family: 4 | 6, cookie: number) => void;
    /** Reason (with ? when inferred), location, namespace, interface, type/code of the ICMP error. */
    readonly expected: Readonly<Record<4 | 6, readonly (string | null)[]>>;
  }
  const CASES: readonly Case[] = [
    {
      name: "an nft rule",
      send: (family, cookie) => sender.udp(SERVER[family], FILTERED_PORT, cookie),
      expected: { 4: BY_RULE, 6: BY_RULE },
    },
    {
      name: "an nft rule, behind header options",
      send: (family, cookie) =>
        sender.udp(SERVER[family], FILTERED_PORT, cookie, { headerOptions: true }),
      expected: { 4: BY_RULE, 6: BY_RULE },
    },
    {
      name: "a first fragment",
      send: (family, cookie) =>
        sender.udp(SERVER[family], FILTERED_PORT, cookie, { size: 3000, fragments: true }),
      expected: { 4: BY_RULE, 6: BY_RULE },
    },
    {
      name: "a closed port",
      send: (family, cookie) => sender.udp(SERVER[family], CLOSED_PORT, cookie),
      expected: {
        4: ["NO_SOCKET", "__udp4_lib_rcv", "s", "s0", "3/3"],
        6: ["NO_SOCKET", "__udp6_lib_rcv", "s", "s0", "1/4"],
      },
    },
    {
      name: "a TTL that is used up",
      send: (family, cookie) => sender.udp(SERVER[family], CLOSED_PORT, cookie, { ttl: 1 }),
      expected: {
        4: ["IP_INHDR", "ip_forward", "r", "r0", "11/0"],
        6: ["IP_INHDR", "ip6_forward", "r", "r0", "3/0"],
      },
    },
    {
      name: "DF over the link's MTU",
      send: (family, cookie) => sender.udp(SERVER[family], CLOSED_PORT, cookie, { size: 1440 }),
      expected: {
        4: ["PKT_TOO_BIG", "ip_forward", "r", "r0", "3/4"],
        // ip6_forward has put the packet on the outbound path before it looks at the size.
        6: ["PKT_TOO_BIG", "ip6_forward", "r", "r1", "2/0"],
      },
    },
    {
      name: "a source that the router has no way back to",
      send: (family, cookie) =>
        sender.udp(SERVER[family], CLOSED_PORT, cookie, { source: STRAY[family] }),
      expected: {
        4: ["IP_RPFILTER", "ip_rcv_finish_core", "r", "r0", null],
        6: ["NETFILTER_DROP", "nft_do_chain", "r", "r0", null],
      },
    },
    {
      name: "a neighbour that does not answer",
      send: (family, cookie) => sender.udp(NOBODY[family], CLOSED_PORT, cookie),
      expected: {
        4: ["NEIGH_FAILED", "neigh_invalidate", "r", "r1", "3/1"],
        // The kernel itself reports NOT_SPECIFIED here.
        6: ["NEIGH_FAILED?", "neigh_invalidate", "r", "r1", "1/3"],
      },
    },
    {
      name: "a bad checksum",
      send: (family, cookie) => sender.badUdp(SERVER[family], CLOSED_PORT, cookie),
      expected: {
        4: ["UDP_CSUM", "__udp4_lib_rcv", "s", "s0", null],
        6: ["UDP_CSUM", "__udp6_lib_rcv", "s", "s0", null],
      },
    },
    {
      name: "a SYN to a closed port",
      send: (family, cookie) => sender.syn(CLIENT[family], SERVER[family], CLOSED_PORT, cookie),
      expected: {
        4: ["NO_SOCKET", "tcp_v4_rcv", "s", "s0", null],
        6: ["NO_SOCKET", "tcp_v6_rcv", "s", "s0", null],
      },
    },
  ];

  const summary = (target: WatchedTrace, cookie: number) =>
    target
      .dropsOf(cookie)
      .map(({ reason, location, device: place, icmpSent }) => [
        `${reason?.name}${reason?.inferred ? "?" : ""}`,
        location?.symbol.replace(/\..*/, ""),
        place.netnsName?.replace(/^.*n\d+/, ""),
        place.interface,
        icmpSent && `${icmpSent.type}/${icmpSent.code}`,
      ]);

  const rows = CASES.flatMap((row) => [
    { ...row, family: 4 as const },
    { ...row, family: 6 as const },
  ]);

  it.each(rows)("reports $name once, over IPv$family", async ({ send, expected, family }) => {
    const cookie = nextCookie();
    send(family, cookie);
    await watched.until(
      ({ kind, match }) => kind === "drop" && match.by === "cookie" && match.cookie === cookie,
    );
    await settle();
    expect(summary(watched, cookie)).toEqual([expected[family]]);
    expect(watched.dropsOf(cookie)[0]?.packet).toMatchObject({ family, quoted: false });
  });

  it.each([4, 6] as const)(
    "reports what a full socket buffer loses, over IPv%i",
    async (family) => {
      const close = openFullSocket(libc, net.name("s"), SERVER[family], BUFFER_PORT);
      const cookies = Array.from({ length: 20 }, nextCookie);
      for (const cookie of cookies) sender.udp(SERVER[family], BUFFER_PORT, cookie);
      close();
      await settle();
      const [first = 0, last = 0] = [cookies.at(0), cookies.at(-1)];
      // What fitted in is thrown away when the socket is closed, which is no loss on the path.
      expect(summary(watched, first)).toEqual([]);
      const drops = summary(watched, last);
      expect(drops).toHaveLength(1);
      expect(drops[0]?.[0]).toBe("SOCKET_RCVBUFF");
      expect(drops[0]?.slice(2)).toEqual(["s", "s0", null]);
    },
  );

  it.each([4, 6] as const)(
    "reports no drop of an echo that comes back, over IPv%i",
    async (family) => {
      const cookie = nextCookie();
      sender.echo(SERVER[family], cookie);
      await settle();
      expect(watched.dropsOf(cookie)).toEqual([]);
      const way = watched
        .of(cookie)
        .flatMap((event) => (event.kind === "stage" ? [[event.stage, event.device.interface]] : []))
        .filter(([stage]) => stage === "queued" || stage === "received");
      expect(way).toEqual([
        ["queued", "c0"],
        ["received", "r0"],
        ["queued", "r1"],
        ["received", "s0"],
        ["queued", "s0"],
        ["received", "r1"],
        ["queued", "r0"],
        ["received", "c0"],
      ]);
    },
  );

  it("follows a mark where there is no cookie of the session, until it leaves the namespace", async () => {
    const marked = await watch({
      session: SESSION ^ 1,
      mark: { value: OTHER_MARK, mask: 0xffffffff },
    });
    sender.udp(SERVER[4], CLOSED_PORT, nextCookie(), { mark: OTHER_MARK });
    await settle();
    await marked.close();
    const marks = marked.events.map(({ match, device: place }) => [match, place.interface]);
    expect(marks.length).toBeGreaterThan(0);
    for (const row of marks) expect(row).toEqual([{ by: "mark", mark: OTHER_MARK }, "c0"]);
  });

  it("infers the reasons where the kernel gives none", async () => {
    const without = await watch({ session: SESSION, withReasons: false });
    const cookies = CASES.map(({ send }) => {
      const pair = { 4: nextCookie(), 6: nextCookie() };
      send(4, pair[4]);
      send(6, pair[6]);
      return pair;
    });
    for (const cookie of cookies.flatMap((pair) => [pair[4], pair[6]])) {
      await without.until(
        ({ kind, match }) => kind === "drop" && match.by === "cookie" && match.cookie === cookie,
      );
    }
    await without.close();
    for (const [i, { expected }] of CASES.entries()) {
      for (const family of [4, 6] as const) {
        const [drop] = without.dropsOf(cookies[i]?.[family] ?? 0);
        // A reverse-path filter and a checksum leave no trace but their location, which has other causes too.
        const name = expected[family][0]?.replace("?", "") ?? "";
        const certain = !["IP_RPFILTER", "UDP_CSUM"].includes(name);
        const reason = certain ? { name, inferred: true } : null;
        expect(drop?.reason).toEqual(reason);
      }
    }
  });

  it("reports nothing of packets of another session", async () => {
    const other = cookieOf(SESSION ^ 2, 1);
    sender.udp(SERVER[4], CLOSED_PORT, other);
    await settle();
    expect(watched.of(other)).toEqual([]);
  });

  it.each([4, 6] as const)("follows packets through a NAT, over IPv%i", async (family) => {
    await net.nft("r", MASQUERADE[family]);
    const [dropped, filtered, echoed] = [nextCookie(), nextCookie(), nextCookie()];
    sender.udp(SERVER[family], CLOSED_PORT, dropped);
    sender.udp(SERVER[family], FILTERED_PORT, filtered);
    sender.echo(SERVER[family], echoed);
    await settle();
    const closed = CASES.find(({ name }) => name === "a closed port")?.expected[family];
    expect(summary(watched, dropped)).toEqual([closed]);
    expect(summary(watched, filtered)).toEqual([
      ["NETFILTER_DROP", "nft_do_chain", "r", "r0", null],
    ]);
    expect(watched.dropsOf(echoed)).toEqual([]);
    const rules = await net.run(
      "r",
      "nft",
      "list",
      "table",
      family === 4 ? "ip" : "ip6",
      "translated",
    );
    // Each new flow passes it once: the one that is dropped behind it, the echo, and the last probe over IPv4.
    expect(rules).toMatch(/counter packets [2-9]/);
  });

  it("lost no record in all of this", () => {
    expect(watched.trace.lost()).toBe(0);
  });
});
