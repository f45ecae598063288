// The event source as a whole: connections of the tool, losses, the end, and no privilege.

import { fileURLToPath } from "node:url";
import { openBpf } from "ebpf-ts-bindings";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createKernelTrace, type KernelTraceOptions } from "../../probes/kernel/kernel-trace.ts";
import { AF_INET, AF_INET6, SOCK_STREAM } from "../../probes/native/constants.ts";
import { type Libc, loadLibc } from "../../probes/native/libc.ts";
import { encodeSockaddr } from "../../probes/native/sockaddr.ts";
import { cookieOf } from "../../probes/packet/cookie.ts";
import { whyNo } from "./harness/bpf-rights.ts";
import { programsOf } from "./harness/held-programs.ts";
import { CLIENT, createKernelNet, FILTERED_PORT, SERVER } from "./harness/kernel-net.ts";
import { inNetns } from "./harness/netns.ts";
import { createSender } from "./harness/probe-sender.ts";
import { watch } from "./harness/watched-trace.ts";
import type { Net } from "./independent/net.ts";

const whyNot = await whyNo("tp_btf");
const SESSION = (process.pid ^ 0x5555) & 0xffff;
const TCP_PORT = 8080;
const CLOSED_PORT = 9;
const PSH = 0x08;
const SERVER_PROGRAM = fileURLToPath(new URL("harness/kernel-server.ts", import.meta.url));
const FLOOD = fileURLToPath(new URL("harness/kernel-flood.ts", import.meta.url));
const UNPRIVILEGED = fileURLToPath(new URL("harness/unprivileged-trace.ts", import.meta.url));

describe.skipIf(whyNot !== null)(`a kernel trace${whyNot ? ` (${whyNot})` : ""}`, () => {
  let net: Net;
  let libc: Libc;
  beforeAll(async () => {
    net = await createKernelNet();
    libc = await loadLibc();
    await net.serve("s", process.execPath, "--import", "tsx", SERVER_PROGRAM, String(TCP_PORT));
  });
  afterAll(() => net?.remove());

  const open: { close(): Promise<void> }[] = [];
  const watching = async () => {
    const watched = await watch({ session: SESSION });
    open.push(watched);
    return watched;
  };
  const tracing = async (options: Partial<KernelTraceOptions> = {}) => {
    const trace = await createKernelTrace({ session: SESSION, ...options });
    if (trace.kind === "unavailable") throw new Error(trace.reason.text);
    open.push(trace);
    return trace;
  };
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });

  /** A connection from the client; `local` is its port. */
  const connect = (family: 4 | 6, local: number) => {
    const domain = family === 4 ? AF_INET : AF_INET6;
    const fd = inNetns(net.name("c"), () => libc.socket(domain, SOCK_STREAM, 0));
    const from = encodeSockaddr(CLIENT[family], local);
    const to = encodeSockaddr(SERVER[family], TCP_PORT);
    if (libc.bind(fd, from, from.length) < 0) throw new Error(`bind: errno ${libc.errno()}`);
    if (libc.connect(fd, to, to.length) < 0) throw new Error(`connect: errno ${libc.errno()}`);
    const line = Buffer.from("a question\n");
    return {
      ask: () => libc.sendto(fd, line, line.length, 0, Buffer.alloc(0), 0),
      close: () => libc.close(fd),
    };
  };
  const flow = (family: 4 | 6, localPort: number) => ({
    protocol: "tcp" as const,
    localAddress: CLIENT[family],
    localPort,
    remoteAddress: SERVER[family],
    remotePort: TCP_PORT,
  });

  it.each([
    [4, "ip"],
    [6, "ip6"],
  ] as const)(
    "tells an answer that reached the interface and was dropped there from one that never came, over IPv%i",
    async (family, table) => {
      const watched = await watching();
      const answers = (number: number) =>
        watched.events.filter(
          ({ match, packet }) =>
            match.by === "flow" &&
            match.flow === number &&
            match.direction === "in" &&
            ((packet.tcp?.flags ?? 0) & PSH) !== 0,
        );
      const lostOf = (number: number) =>
        watched.until(
          ({ kind, match, packet }) =>
            kind === "drop" &&
            match.by === "flow" &&
            match.flow === number &&
            ((packet.tcp?.flags ?? 0) & PSH) !== 0,
        );
      const rule = (chain: string, hook: string, port: number) =>
        `table ${table} cut${port} {
          chain ${chain} {
            type filter hook ${hook} priority 0
            tcp sport ${TCP_PORT} tcp dport ${port} tcp flags & psh == psh drop
          }
        }
        `;

      // Here the last host drops it, there the router before.
      await net.nft("c", rule("arriving", "input", 40100 + family));
      await net.nft("r", rule("passing", "forward", 40200 + family));
      for (const [number, port] of [
        [1, 40100 + family],
        [2, 40200 + family],
      ] as const) {
        watched.trace.addFlow(flow(family, port), number);
        const connection = connect(family, port);
        connection.ask();
        const drop = await lostOf(number);
        connection.close();
        watched.trace.removeFlow(flow(family, port));
        expect(drop).toMatchObject({ reason: { name: "NETFILTER_DROP" }, packet: { family } });
      }
      await watched.close();
      const places = (number: number) =>
        answers(number).map(({ device: place, ...event }) =>
          event.kind === "stage" ? `${event.stage} ${place.interface}` : `drop ${place.interface}`,
        );
      expect(places(1)).toContain("received c0");
      expect(places(1)).toContain("drop c0");
      expect(places(2)).toContain("drop r1");
      expect(places(2)).not.toContain("received c0");
      // The same sequence number on every hop: it is one segment.
      expect(new Set(answers(2).map(({ packet }) => packet.tcp?.seq)).size).toBe(1);
    },
  );

  it("reports the loss of an ICMP error by the probe in its original datagram", async () => {
    const watched = await watching();
    await net.nft(
      "c",
      `table ip quiet {
        chain arriving {
          type filter hook input priority 0
          icmp type destination-unreachable drop
        }
      }
      `,
    );
    const sender = createSender(libc, net.name("c"));
    const cookie = cookieOf(SESSION, 1);
    sender.udp(SERVER[4], CLOSED_PORT, cookie);
    await watched.until(({ kind, packet }) => kind === "drop" && packet.quoted);
    sender.close();
    const drops = watched.dropsOf(cookie);
    expect(drops.map(({ reason, device: place }) => [reason?.name, place.interface])).toEqual([
      ["NO_SOCKET", "s0"],
      ["NETFILTER_DROP", "c0"],
    ]);
    expect(drops[1]?.packet).toMatchObject({ protocol: 1, icmp: { type: 3, code: 3 } });
  });

  it("reports no drop of a connection without loss, and is done when it is closed", async () => {
    const watched = await watching();
    watched.trace.addFlow(flow(4, 40300), 3);
    const connection = connect(4, 40300);
    connection.ask();
    await watched.until(
      ({ match, device: place, packet }) =>
        match.by === "flow" &&
        match.direction === "in" &&
        place.interface === "c0" &&
        ((packet.tcp?.flags ?? 0) & PSH) !== 0,
    );
    connection.close();
    const bpf = await openBpf();
    const held = programsOf(process.pid);
    const loaded = () =>
      bpf.listPrograms().flatMap(({ id, name }) => (held.includes(id) ? [name] : []));
    expect(loaded()).toContain("wt_kfree_skb");
    await watched.close();
    await watched.close();
    expect(watched.events.filter(({ kind }) => kind === "drop")).toEqual([]);
    await expect.poll(loaded, { timeout: 20_000 }).toEqual([]);
  });

  it("counts what it loses", async () => {
    const pageBytes = (await openBpf()).pageBytes;
    const trace = await tracing({ ringBytes: pageBytes });
    const numbers = [FILTERED_PORT, SESSION, 2000, 1_000_000].map(String);
    await net.run("c", process.execPath, "--import", "tsx", FLOOD, SERVER[4], ...numbers);
    await trace.close();
    let events = 0;
    for await (const _ of trace.events) events += 1;
    expect(trace.lost()).toBeGreaterThan(0);
    // Queued, sent, received, dropped.
    expect(events + trace.lost()).toBe(4 * 2000);
  });

  it("reports what a user without privilege lacks, and ends at once when it was stopped before", async () => {
    const { stdout } = await execa(process.execPath, ["--import", "tsx", UNPRIVILEGED]);
    expect(JSON.parse(stdout)).toMatchObject({
      first: "trace",
      second: {
        kind: "unavailable",
        reason: { kind: "missing-capability", capabilities: ["CAP_BPF", "CAP_PERFMON"] },
      },
    });
  });
});
