// Routes that lead the wrong way: each cause with what proves it, and what only looks like it.

import { describe, expect, test } from "vitest";
import type { ProbeOutcome, ProbeSent } from "../../../../../src/schema/events/probe.ts";
import { causes, diagnosed, first } from "../../../../builders/diagnosed.ts";
import {
  answer,
  BEHIND_NAT,
  dnsReply,
  GUEST,
  lookup,
  NO_DNS_REPLY,
  resolverConfig,
  TARGET,
  targetAddresses,
} from "../../../../builders/events.ts";
import { plainHost, vpnHost } from "../../../../builders/host.ts";
import { control, hops, NO_REPLY, probeSent } from "../../../../builders/probes.ts";
import { ROUTERS, type RunOptions } from "../../../../builders/runs.ts";
import { failed, passing, NO_REPLY as SILENT, unconnected } from "../../../../builders/tcp.ts";
import { adapter, address, ipInterface, plainHostWith, route, VPN } from "../../../host/example.ts";

const mute = [control(NO_REPLY), ...hops([null, null, null], false)];
const dead = { tcp: unconnected(SILENT), udp: mute };

/** The plain host with one more adapter that has a route to WSL's network. */
const competitor = (prefix: string, metric: number, kind: "vpn" | "card") =>
  plainHostWith({
    "Get-NetAdapter": [
      adapter("Ethernet 7", VPN, {
        InterfaceDescription:
          kind === "vpn" ? "Cisco AnyConnect Virtual Miniport Adapter" : "Intel(R) I219-LM",
        ...(kind === "card" ? { HardwareInterface: true, Virtual: false } : {}),
      }),
    ],
    "Get-NetIPInterface": [ipInterface("Ethernet 7", VPN, { InterfaceMetric: metric })],
    "Get-NetIPAddress": [address(VPN, "203.0.113.140", 26)],
    "Get-NetRoute": [route(VPN, prefix, "0.0.0.0", { RouteMetric: 1, InterfaceMetric: metric })],
  });

describe("replies that Windows sends into a VPN", () => {
  test.each([
    ["198.51.100.0/25", "vpn-metric-steals-wsl-subnet"],
    ["198.51.100.16/29", "vpn-more-specific-route"],
    ["198.51.100.20/32", "vpn-more-specific-route"],
  ])("by %s are %s", (prefix, cause) => {
    const found = first({ ...dead, host: competitor(prefix, 1, "vpn") });
    expect(found).toMatchObject({
      cause,
      severity: "fault",
      segment: "windows-stack",
      direction: "inbound",
    });
    expect(found?.fixes[0]?.where).toBe("windows-admin");
  });

  test("stop names first, and hide that no server answers", () => {
    const names = [resolverConfig(["198.51.100.1"]), dnsReply("198.51.100.1", NO_DNS_REPLY)];
    const host = competitor("198.51.100.0/25", 1, "vpn");
    expect(causes({ host, names, lookups: [], tcp: [], udp: [] })).toEqual([
      "vpn-metric-steals-wsl-subnet fault",
    ]);
  });

  test.each([
    // Worse metric, shorter prefix, a longer one beside the guest.
    ["198.51.100.0/25", 6000],
    ["198.51.100.0/24", 1],
    ["198.51.100.64/29", 1],
  ])("are not seen in %s with metric %i", (prefix, metric) => {
    expect(causes({ ...dead, host: competitor(prefix, metric, "vpn") })).toEqual([
      "attempt-failed fault",
    ]);
  });

  test("do not come back, so any answer rules them out", () => {
    const host = competitor("198.51.100.0/25", 1, "vpn");
    expect(diagnosed({ host })).toMatchObject({ verdict: "healthy" });
    const udp = [control(NO_REPLY), ...hops(ROUTERS, false)];
    expect(causes({ host, tcp: unconnected(SILENT), udp })).toEqual(["destination-down fault"]);
  });

  test("are not the reason where the host does not even answer ARP", () => {
    const own: ProbeOutcome = {
      kind: "unreachable",
      from: GUEST,
      type: 3,
      code: 1,
      rttMs: 3060,
      replyTtl: 64,
    };
    const host = competitor("198.51.100.0/25", 1, "vpn");
    const options = { host, tcp: unconnected(failed("EHOSTUNREACH")), udp: [control(own)] };
    expect(causes(options)).toEqual(["gateway-unreachable fault"]);
  });
});

describe("nat-subnet-overlap", () => {
  const NEIGHBOUR = "198.51.100.77";
  const onLink = {
    lookups: [lookup({ ...BEHIND_NAT, gateway: null }, { address: NEIGHBOUR })],
    names: [resolverConfig([]), targetAddresses(NEIGHBOUR, "literal", null)],
    tcp: unconnected(failed("EHOSTUNREACH")).map((event) =>
      event.kind === "tcp-started" ? { ...event, address: NEIGHBOUR } : event,
    ),
    udp: [],
  };

  test("fires for a target inside WSL's network that Windows has a route for", () => {
    const host = vpnHost({ more: { "Get-NetRoute": [route(VPN, "198.51.100.0/24", "0.0.0.0")] } });
    expect(first({ ...onLink, host })).toMatchObject({
      cause: "nat-subnet-overlap",
      segment: "linux-stack",
      direction: "outbound",
    });
  });

  test("fires where Windows itself reaches it", () => {
    const reach = { reach: [{ address: NEIGHBOUR, port: 443, ok: true, ms: 4, error: null }] };
    expect(first({ ...onLink, host: plainHostWith(reach) })?.cause).toBe("nat-subnet-overlap");
  });

  test("a neighbour that nothing else speaks for is down", () => {
    expect(causes({ ...onLink, host: plainHost })).toEqual(["destination-down fault"]);
    expect(causes({ ...onLink, host: vpnHost() })).toEqual(["destination-down fault"]);
    // Without a word of Windows it may be meant elsewhere.
    expect(causes(onLink)).toEqual(["attempt-failed fault"]);
  });

  test("a card of the host in the same network takes the replies", () => {
    expect(first({ ...dead, host: competitor("198.51.100.0/25", 5, "card") })).toMatchObject({
      cause: "nat-subnet-overlap",
      segment: "windows-stack",
      direction: "inbound",
    });
  });
});

describe("docker-bridge-overlap", () => {
  const over = (device: string): RunOptions => {
    const plain = lookup({ ...BEHIND_NAT, gateway: null });
    const outcome =
      plain.outcome.kind === "route" ? { ...plain.outcome, interface: device } : plain.outcome;
    return {
      lookups: [{ ...plain, outcome }],
      tcp: unconnected(failed("EHOSTUNREACH")),
      udp: [control(NO_REPLY)],
    };
  };
  const elsewhere = (device: string): ProbeSent =>
    probeSent(
      { kind: "reply", from: TARGET, with: "syn-ack", rttMs: 4, replyTtl: null },
      { protocol: "tcp", purpose: "control", device },
    );

  test.each(["docker0", "br-0a1b2c3d4e5f", "docker_gwbridge"])("fires on %s", (device) => {
    const options = over(device);
    const udp = [control(NO_REPLY), elsewhere("eth0")];
    expect(first({ ...options, udp })).toMatchObject({
      cause: "docker-bridge-overlap",
      segment: "linux-stack",
      direction: "outbound",
    });
  });

  test("fires on what Windows knows of the range", () => {
    const host = vpnHost({ more: { "Get-NetRoute": [route(VPN, "203.0.113.64/26", "0.0.0.0")] } });
    expect(first({ ...over("docker0"), host })?.cause).toBe("docker-bridge-overlap");
  });

  test("a container that does not run is down, and another bridge is none of Docker's", () => {
    expect(causes(over("docker0"))).toEqual(["destination-down fault"]);
    expect(causes({ ...over("docker0"), host: vpnHost() })).toEqual(["destination-down fault"]);
    const udp = [control(NO_REPLY), elsewhere("eth0")];
    expect(causes({ ...over("br-lan"), udp })).toEqual(["attempt-failed fault"]);
  });

  test("a container that answers is what was meant", () => {
    expect(diagnosed({ ...over("docker0"), tcp: passing("t1") }).findings).toEqual([]);
  });
});

describe("multiple-host-nics", () => {
  const second = (metric: number, reach: readonly unknown[] = []) =>
    plainHostWith({
      "Get-NetAdapter": [adapter("Wi-Fi", VPN, { InterfaceType: 71 })],
      "Get-NetIPInterface": [ipInterface("Wi-Fi", VPN, { InterfaceMetric: metric })],
      "Get-NetIPAddress": [address(VPN, "203.0.113.140", 26)],
      "Get-NetRoute": [route(VPN, "0.0.0.0/0", "203.0.113.129", { InterfaceMetric: metric })],
      ...(reach.length === 0 ? {} : { reach: reach.map((row) => ({ ...Object(row) })) }),
    });
  const tried = (ok: boolean) => ({ address: TARGET, port: 443, ok, ms: 4, error: null });
  const udp = [control(NO_REPLY), ...hops([ROUTERS[0], null, null, null, null, null], false)];
  const stalled = { tcp: unconnected(SILENT), udp };

  test("is a candidate, and no more, where two ways are equally good", () => {
    const found = first({ ...stalled, host: second(25) });
    expect(found).toMatchObject({ cause: "multiple-host-nics", segment: "windows-stack" });
    expect(found?.confidence).toBe(0.5);
    expect(first({ ...stalled, host: second(25, [tried(true)]) })?.confidence).toBe(0.5);
  });

  test("does not fire with one better way, a failing host, or an answer from beyond", () => {
    expect(causes({ ...stalled, host: second(50) })).toEqual(["attempt-failed fault"]);
    expect(causes({ ...stalled, host: second(25, [tried(false)]) })).toEqual([
      "attempt-failed fault",
    ]);
    const beyond = [control(NO_REPLY), ...hops(ROUTERS.slice(0, 2), false)];
    expect(causes({ ...stalled, udp: beyond, host: second(25) })).not.toContain(
      "multiple-host-nics fault",
    );
    expect(diagnosed({ host: second(25) }).verdict).toBe("healthy");
  });
});

describe("two wrong routes", () => {
  test("the one that stops the guest first comes first", () => {
    // The guest hears nobody; that its VPN source is odd, too, nobody would have come to see.
    const host = competitor("198.51.100.0/25", 1, "vpn");
    const names = [
      resolverConfig(["198.51.100.1"]),
      dnsReply("198.51.100.1", NO_DNS_REPLY),
      dnsReply("203.0.113.53", answer(TARGET), { origin: "adapter" }),
      targetAddresses(TARGET, "adapter", "203.0.113.53"),
    ];
    expect(causes({ ...dead, names, host })[0]).toBe("vpn-metric-steals-wsl-subnet fault");
  });
});
