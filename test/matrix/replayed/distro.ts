// Recordings of wrong ways inside the distro: mirrored mode, a full table, and what WSL1 lacks.

import { fault, HEALTHY, noted } from "../../../probes/lab/src/scenarios/building-blocks.ts";
import type { EventBody } from "../../../src/schema/event.ts";
import {
  interfaces,
  lookup,
  ON_HOST,
  resolverConfig,
  runEnded,
  targetAddresses,
  vantage,
} from "../../builders/events.ts";
import { plainHost, vpnHost } from "../../builders/host.ts";
import { control, hops, NO_REPLY } from "../../builders/probes.ts";
import { type RunOptions, run } from "../../builders/runs.ts";
import { failed, passing, NO_REPLY as SILENT, unconnected } from "../../builders/tcp.ts";
import type { ReplayedScenario } from "../row.ts";

/** A run with more events before its end. */
function withMore(options: RunOptions, ...more: readonly EventBody[]): readonly EventBody[] {
  return [...run({ ...options, end: null }), ...more, runEnded()];
}

const DEAD = {
  tcp: unconnected(SILENT),
  udp: [control(NO_REPLY), ...hops([null, null, null], false)],
};
const MIRRORED = { vantage: vantage("wsl2", "mirrored"), guest: ON_HOST };
const NO_ROUTE = {
  lookups: [lookup(ON_HOST, { outcome: { kind: "no-route", error: "ENETUNREACH" } })],
  tcp: unconnected(failed("ENETUNREACH")),
  udp: [],
};

const ofDistro = (cause: string) => fault(cause, "linux-stack", "outbound");

/** The mirrored copy of the VPN's adapter, with the address that Windows would send from. */
function withTunnel(): EventBody {
  const own = interfaces(ON_HOST);
  const tunnel = {
    name: "eth2",
    index: 4,
    mtu: 1400,
    up: true,
    loopback: false,
    mac: "00:53:00:00:00:04",
    addresses: [{ address: "203.0.113.130", prefixLength: 32, family: 4 as const }],
  };
  return { ...own, interfaces: [...own.interfaces, tunnel] };
}

const LOCAL = "127.0.0.2";

/** A connection to a local daemon, which rules of mirrored mode may lead out by loopback0. */
function toLocalDaemon(device: string, listens: boolean): readonly EventBody[] {
  const plain = lookup(ON_HOST, { address: LOCAL });
  const outcome =
    plain.outcome.kind === "route" ? { ...plain.outcome, interface: device } : plain.outcome;
  return withMore(
    {
      ...MIRRORED,
      lookups: [{ ...plain, outcome }],
      names: [resolverConfig([]), targetAddresses(LOCAL, "literal", null)],
      tcp: unconnected(failed("ECONNREFUSED")).map((event) =>
        event.kind === "tcp-started" ? { ...event, address: LOCAL } : event,
      ),
      udp: [],
    },
    {
      kind: "policy-rules",
      rules: [{ family: 4, priority: 1, selector: "from all", table: "127" }],
    },
    { kind: "local-listener", address: LOCAL, port: 443, listens },
  );
}

const table = (count: number): EventBody => ({ kind: "conntrack", count, max: 4096 });
const NO_ICMP: EventBody = { kind: "probe-skipped", probe: "icmp", reason: "no such socket" };

export const DISTRO_RECORDINGS: readonly ReplayedScenario[] = [
  {
    name: "mirrored-routes-lost",
    title: "Mirrored mode: Windows has a default route, the distro's copy is gone",
    negativeFor: ["no-default-route", "gateway-unreachable"],
    expected: ofDistro("mirrored-routes-lost"),
    events: () =>
      run({ ...MIRRORED, guest: { ...ON_HOST, gateway: null }, ...NO_ROUTE, host: plainHost }),
  },
  {
    name: "wsl1-no-route",
    title: "WSL1 without a default route: there is no copy that could be lost",
    negativeFor: ["mirrored-routes-lost"],
    expected: ofDistro("no-default-route"),
    events: () =>
      run({
        vantage: vantage("wsl1"),
        guest: { ...ON_HOST, gateway: null },
        ...NO_ROUTE,
        host: plainHost,
      }),
  },
  {
    name: "mirrored-wrong-source",
    title:
      "Mirrored mode + VPN: the distro sends from the Ethernet's address, Windows from the VPN's",
    negativeFor: ["vpn-tunnel-dead", "gateway-unreachable"],
    expected: ofDistro("mirrored-wrong-source-address"),
    events: () => withMore({ ...MIRRORED, ...DEAD, host: vpnHost() }, withTunnel()),
  },
  {
    name: "mirrored-other-source-works",
    title: "Mirrored mode + VPN: another source than Windows would use, and it works: no fault",
    negativeFor: ["mirrored-wrong-source-address"],
    expected: HEALTHY,
    events: () => withMore({ ...MIRRORED, host: vpnHost() }, withTunnel()),
  },
  {
    name: "mirrored-local-daemon",
    title: "Mirrored mode: packets to a daemon on 127.0.0.2 are led to Windows",
    negativeFor: ["port-refused"],
    expected: ofDistro("mirrored-local-policy-routing"),
    events: () => toLocalDaemon("loopback0", true),
  },
  {
    name: "mirrored-local-nobody",
    title: "Mirrored mode: the same rules, and no daemon listens",
    negativeFor: ["mirrored-local-policy-routing"],
    expected: fault("port-refused", "destination"),
    events: () => toLocalDaemon("loopback0", false),
  },
  {
    name: "conntrack-full",
    title: "The table of tracked connections is full, and nothing new gets through",
    negativeFor: ["linux-firewall-in-distro", "gateway-unreachable", "upstream-unreachable"],
    expected: ofDistro("conntrack-full"),
    events: () => withMore(DEAD, table(4096)),
  },
  {
    name: "conntrack-full-and-works",
    title: "The table is full of old entries that give way: no fault",
    negativeFor: ["conntrack-full"],
    expected: HEALTHY,
    events: () => withMore({ tcp: passing("t1") }, table(4096)),
  },
  {
    name: "wsl1-without-icmp",
    title: "WSL1 has no socket for ICMP: a limit of WSL1, and a note",
    negativeFor: ["icmp-filtered", "linux-firewall-in-distro"],
    expected: noted("wsl1-unsupported-operation"),
    events: () => withMore({ vantage: vantage("wsl1"), guest: ON_HOST }, NO_ICMP),
  },
  {
    name: "wsl2-without-icmp",
    title: "WSL2 where such a socket is not allowed: no limit of WSL1",
    negativeFor: ["wsl1-unsupported-operation"],
    expected: HEALTHY,
    events: () => withMore({}, NO_ICMP),
  },
];
