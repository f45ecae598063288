// Events by hand, in the shapes that a recording holds; every address is from a documentation range.

import type { Path } from "../../src/model/path.ts";
import { fold } from "../../src/model/reduce.ts";
import type { EventBody, ProbeEvent } from "../../src/schema/event.ts";
import type { DnsOutcome, DnsReply } from "../../src/schema/events/dns-replies.ts";
import type { RunOptions, Target } from "../../src/schema/events/run.ts";

export type Body<K extends EventBody["kind"]> = Extract<EventBody, { kind: K }>;

export const GUEST = "198.51.100.20";
const GATEWAY = "198.51.100.1";
export const TARGET = "203.0.113.80";
export const TARGET6 = "2001:db8:80::80";
export const RESOLVER = "192.0.2.1";
export const NAME = "www.example.test";

/** "e1", "e2", ... in the order given, a millisecond apart. */
export function numbered(bodies: readonly EventBody[]): readonly ProbeEvent[] {
  return bodies.map((body, n) => ({ id: `e${n + 1}`, atMs: n, ...body }));
}

export function pathOf(...bodies: readonly EventBody[]): Path {
  return fold(numbered(bodies));
}

export const OPTIONS: RunOptions = {
  family: null,
  timeoutMs: null,
  maxHops: 30,
  flows: 1,
  hopNames: true,
  engine: "koffi",
  hostSnapshot: "none",
};

export function runStarted(target: Partial<Target> = {}): Body<"run-started"> {
  return {
    kind: "run-started",
    version: "0.1.0",
    startedAt: "2026-11-22T10:00:00.000Z",
    target: { input: NAME, host: NAME, port: 443, scheme: "https", path: "/", ...target },
    options: OPTIONS,
  };
}

export function runEnded(interrupted: string | null = null): Body<"run-ended"> {
  return { kind: "run-ended", durationMs: 812, interrupted };
}

export function vantage(
  kind: "wsl1" | "wsl2" | "linux" = "wsl2",
  networkingMode: string | null = kind === "wsl2" ? "nat" : kind === "wsl1" ? "wsl1" : null,
): Body<"vantage"> {
  return { kind: "vantage", vantage: kind, networkingMode, kernel: "6.18.20.1", basis: "by hand" };
}

export interface Guest {
  readonly address: string;
  readonly prefixLength: number;
  readonly gateway: string | null;
  readonly mtu: number;
}

export const BEHIND_NAT: Guest = { address: GUEST, prefixLength: 25, gateway: GATEWAY, mtu: 1500 };
/** On the host's own LAN address, as WSL1 and mirrored mode are. */
export const ON_HOST: Guest = {
  address: "192.0.2.20",
  prefixLength: 24,
  gateway: "192.0.2.1",
  mtu: 1500,
};

export function interfaces({ address, prefixLength, mtu }: Guest): Body<"interfaces"> {
  const eth0 = { name: "eth0", index: 2, mtu, up: true, loopback: false, mac: "00:53:00:00:00:02" };
  const lo = { name: "lo", index: 1, mtu: 65536, up: true, loopback: true, mac: null };
  return {
    kind: "interfaces",
    interfaces: [
      { ...lo, addresses: [{ address: "127.0.0.1", prefixLength: 8, family: 4 }] },
      { ...eth0, addresses: [{ address, prefixLength, family: 4 }] },
    ],
  };
}

export function routes({ gateway }: Guest): Body<"routes"> {
  const first = { family: 4 as const, prefix: "0.0.0.0/0", interface: "eth0", metric: 0 };
  return { kind: "routes", routes: gateway === null ? [] : [{ ...first, gateway }] };
}

export function resolverConfig(
  servers: readonly string[] = [RESOLVER],
  problem: string | null = null,
): Body<"resolver-config"> {
  return {
    kind: "resolver-config",
    path: "/etc/resolv.conf",
    servers: [...servers],
    search: [],
    ndots: 1,
    generatedByWsl: true,
    problem,
  };
}

export function hostSnapshot(snapshot: unknown, reason: string | null = null) {
  const origin = snapshot === null ? ("none" as const) : ("file" as const);
  return { kind: "host-snapshot" as const, origin, snapshot, reason };
}

export function dnsReply(
  server: string,
  outcome: DnsOutcome,
  more: Partial<DnsReply> = {},
): DnsReply {
  return {
    kind: "dns-reply",
    server,
    origin: "resolv.conf",
    transport: "udp",
    name: NAME,
    type: "A",
    outcome,
    rttMs: outcome.kind === "answer" ? 3 : null,
    sent: 1,
    ...more,
  };
}

export function answer(...addresses: readonly string[]): DnsOutcome {
  return { kind: "answer", rcode: "NOERROR", addresses: [...addresses], truncated: false };
}

export function rcode(name: string): DnsOutcome {
  return { kind: "answer", rcode: name, addresses: [], truncated: false };
}

export const NO_DNS_REPLY: DnsOutcome = { kind: "no-reply", waitedMs: 2000 };

export function targetAddresses(
  address: string = TARGET,
  basis: Body<"target-addresses">["basis"] = "resolv.conf",
  server: string | null = RESOLVER,
): Body<"target-addresses"> {
  const family = address.includes(":") ? 6 : 4;
  return { kind: "target-addresses", addresses: [{ address, family }], basis, server };
}

export function lookup(
  guest: Guest = BEHIND_NAT,
  more: Partial<Body<"route-lookup">> & { readonly cachedPmtu?: number | null } = {},
): Body<"route-lookup"> {
  const { cachedPmtu = null, ...rest } = more;
  return {
    kind: "route-lookup",
    address: TARGET,
    family: 4,
    when: "before",
    outcome: {
      kind: "route",
      source: guest.address,
      interface: "eth0",
      gateway: guest.gateway,
      linkMtu: guest.mtu,
      pathMtu: cachedPmtu ?? guest.mtu,
      cachedPmtu,
    },
    ...rest,
  };
}
