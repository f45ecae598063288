// Recordings of defects of mirrored mode that only a real Windows has.

import { fault, noted } from "../../../probes/lab/src/scenarios/building-blocks.ts";
import type { EventBody } from "../../../src/schema/event.ts";
import type { HostProbe } from "../../../src/schema/events/host-probe.ts";
import type { ProbeOutcome } from "../../../src/schema/events/probe.ts";
import {
  interfaces,
  lookup,
  ON_HOST,
  resolverConfig,
  runEnded,
  TARGET,
  targetAddresses,
  vantage,
} from "../../builders/events.ts";
import { vpnHost } from "../../builders/host.ts";
import { hostConnects, hostEcho } from "../../builders/host-tries.ts";
import { control, hops, NO_REPLY, probeSent } from "../../builders/probes.ts";
import { type RunOptions, run } from "../../builders/runs.ts";
import { failed, passing, NO_REPLY as SILENT, unconnected } from "../../builders/tcp.ts";
import { hostWith } from "../../src/host/example.ts";
import type { ReplayedScenario } from "../row.ts";

const MIRRORED = { vantage: vantage("wsl2", "mirrored"), guest: ON_HOST };

function withMore(options: RunOptions, ...more: readonly EventBody[]): readonly EventBody[] {
  return [...run({ ...MIRRORED, ...options, end: null }), ...more, runEnded()];
}

const ofTarget = (probe: HostProbe): HostProbe => ({ ...probe, purpose: "target" });

const OWN = ON_HOST.address;

/** A connection to the address that Windows and the distro share. */
function toOwnAddress(
  wslconfig: string,
  windows: "connected" | "refused",
  listens = false,
): readonly EventBody[] {
  return withMore(
    {
      host: hostWith({ wslconfig }),
      lookups: [lookup(ON_HOST, { address: OWN })],
      names: [resolverConfig([]), targetAddresses(OWN, "literal", null)],
      tcp: unconnected(failed("ECONNREFUSED")).map((event) =>
        event.kind === "tcp-started" ? { ...event, address: OWN } : event,
      ),
      udp: [],
    },
    { kind: "local-listener", address: OWN, port: 443, listens },
    ofTarget(hostConnects(windows, OWN)),
  );
}

const PLAIN = "[wsl2]\nnetworkingMode=mirrored\n";
const LED = `${PLAIN}[experimental]\nhostAddressLoopback=true\n`;

const IN_TUNNEL = "203.0.113.130";
const NEXT_HOP = "169.254.73.1";

/** The kernel found no neighbour there (ICMP host unreachable of its own). */
const NO_NEIGHBOUR: ProbeOutcome = {
  ...{ kind: "unreachable", from: IN_TUNNEL, type: 3, code: 1 },
  ...{ rttMs: 3050, replyTtl: 64 },
};

/** The distro's copy of the VPN's adapter, behind which nobody answers ARP. */
function withoutNeighbour(windows: "connected" | "no-reply"): readonly EventBody[] {
  const own = interfaces(ON_HOST);
  const copy = {
    ...{ name: "eth2", index: 4, mtu: 1400, up: true, loopback: false, mac: "00:53:00:00:00:04" },
    addresses: [{ address: IN_TUNNEL, prefixLength: 32, family: 4 as const }],
  };
  const plain = lookup(ON_HOST);
  const outcome =
    plain.outcome.kind === "route"
      ? { ...plain.outcome, source: IN_TUNNEL, interface: "eth2", gateway: NEXT_HOP }
      : plain.outcome;
  return withMore(
    {
      host: vpnHost(),
      lookups: [{ ...plain, outcome }],
      tcp: unconnected(failed("EHOSTUNREACH")),
      udp: [control(NO_NEIGHBOUR), probeSent(NO_NEIGHBOUR, { ttl: 1 })],
    },
    { ...own, interfaces: [...own.interfaces, copy] },
    ofTarget(hostConnects(windows)),
  );
}

/** TCP works behind the VPN, and no probe gets an ICMP message. */
function withoutIcmp(windows: "reply" | "no-reply"): readonly EventBody[] {
  const silent = [0, 600, 1200, 1800].map((sentAtMs, n) =>
    probeSent(NO_REPLY, { protocol: n < 2 ? "icmp" : "udp", ttl: n + 1, sentAtMs }),
  );
  const syn = probeSent(NO_REPLY, { protocol: "tcp", ttl: 1, sentAtMs: 2000 });
  return withMore(
    { host: vpnHost({ nlMtu: 1500 }), tcp: passing("t1"), udp: [...silent, syn] },
    hostEcho(windows, { from: windows === "reply" ? TARGET : null }),
  );
}

/** The target answers datagrams and no SYN. */
function withoutTcp(description: string): readonly EventBody[] {
  return withMore(
    {
      host: hostWith({
        wslconfig: PLAIN,
        "Get-NetAdapter": [
          {
            ...{ Name: "Ethernet", ifIndex: 9, Status: "Up", InterfaceType: 6, MtuSize: 1500 },
            InterfaceDescription: description,
          },
        ],
      }),
      tcp: unconnected(SILENT),
      udp: [control(), ...hops(["192.0.2.1", "203.0.113.129"])],
    },
    ofTarget(hostConnects("connected")),
  );
}

export const MIRRORED_RECORDINGS: readonly ReplayedScenario[] = [
  {
    name: "mirrored-windows-address",
    title: "Mirrored mode: a program on Windows listens at the address that both have",
    negativeFor: ["port-refused", "mirrored-local-policy-routing"],
    expected: fault("mirrored-host-address-loopback", "linux-nic", "outbound"),
    events: () => toOwnAddress(PLAIN, "connected"),
  },
  {
    name: "mirrored-windows-address-led",
    title: "Mirrored mode with hostAddressLoopback: the same refusal has another reason",
    negativeFor: ["mirrored-host-address-loopback"],
    expected: fault("port-refused", "destination"),
    events: () => toOwnAddress(LED, "connected"),
  },
  {
    name: "mirrored-windows-address-nobody",
    title: "Mirrored mode: nobody listens at that address on Windows either",
    negativeFor: ["mirrored-host-address-loopback"],
    expected: fault("port-refused", "destination"),
    events: () => toOwnAddress(PLAIN, "refused"),
  },
  {
    name: "mirrored-vpn-no-arp",
    title: "Mirrored mode + VPN: the next hop answers no ARP, and Windows reaches the target",
    negativeFor: ["gateway-unreachable", "vpn-tunnel-dead", "mirrored-wrong-source-address"],
    expected: fault("mirrored-vpn-arp-regression", "linux-nic", "outbound"),
    events: () => withoutNeighbour("connected"),
  },
  {
    name: "mirrored-vpn-down",
    title: "Mirrored mode + VPN: the next hop answers no ARP, and Windows reaches nothing either",
    negativeFor: ["mirrored-vpn-arp-regression"],
    expected: fault("gateway-unreachable", "vswitch", "both"),
    events: () => withoutNeighbour("no-reply"),
  },
  {
    name: "mirrored-vpn-no-ping",
    title: "Mirrored mode + VPN: nothing of ICMP comes, and Windows' own echo is answered: a note",
    negativeFor: ["icmp-filtered", "upstream-unreachable"],
    expected: { ...noted("mirrored-ping-only-broken"), verdict: "inconclusive" },
    events: () => withoutIcmp("reply"),
  },
  {
    name: "mirrored-vpn-drops-ping",
    title: "Mirrored mode + VPN: Windows' own echo is not answered either: the VPN drops ICMP",
    negativeFor: ["mirrored-ping-only-broken"],
    expected: { ...noted("icmp-filtered"), verdict: "inconclusive" },
    events: () => withoutIcmp("no-reply"),
  },
  {
    name: "mirrored-realtek-no-tcp",
    title: "Mirrored mode over a Realtek adapter: everything is answered but TCP",
    negativeFor: ["port-filtered", "linux-firewall-in-distro"],
    expected: fault("mirrored-tcp-dead-icmp-alive", "linux-nic"),
    events: () => withoutTcp("Realtek Gaming 2.5GbE Family Controller"),
  },
  {
    name: "mirrored-intel-no-tcp",
    title: "Mirrored mode: the same silence over an adapter of which nothing was reported",
    negativeFor: ["mirrored-tcp-dead-icmp-alive"],
    expected: fault("port-filtered", null),
    events: () => withoutTcp("Intel(R) Ethernet Controller I225-V"),
  },
];
