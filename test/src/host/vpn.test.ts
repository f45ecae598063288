// VPNs on the path: which products, which limit, forced or split, and the outer path.

import { expect, test } from "vitest";
import { vpnAdapters, vpnOnPath } from "../../../src/host/vpn.ts";
import {
  adapter,
  address,
  anyConnectHost,
  guest,
  ikev2Host,
  ipInterface,
  LAN,
  plainHostWith,
  route,
  snapshotOf,
  VPN,
  wireGuardHost,
} from "./example.ts";

const TARGET = "203.0.113.200";

test("no VPN means that the path is known and holds none", () => {
  expect(vpnOnPath(plainHostWith({}), TARGET, guest)).toMatchObject({
    known: true,
    inVpn: false,
    adapter: { name: "Ethernet", kind: "physical" },
  });
  expect(vpnAdapters(plainHostWith({}))).toEqual([]);
});

test("IKEv2 force tunnel: limit, profile and the server's route around it", () => {
  expect(vpnOnPath(ikev2Host(), TARGET, guest)).toMatchObject({
    known: true,
    inVpn: true,
    adapter: { name: "Example Corp" },
    tunnel: "forced",
    limit: { mtu: 1400, source: "NlMtu" },
    outer: {
      known: true,
      adapter: { ifIndex: LAN },
      serverAddress: "203.0.113.5",
      nextHop: "192.0.2.1",
    },
    evidence: expect.arrayContaining([expect.stringContaining("SplitTunneling False")]),
  });
  // The tunnel's own packets do not enter it.
  expect(vpnOnPath(ikev2Host(), "203.0.113.5", guest)).toMatchObject({ inVpn: false });
});

test.each([["Cisco AnyConnect Virtual Miniport Adapter"], ["Unheard-of Client"], [null]])(
  "a client that shows as Ethernet and is described as %j is on the path",
  (description) => {
    expect(vpnOnPath(anyConnectHost(description), TARGET, guest)).toMatchObject({
      inVpn: true,
      adapter: { name: "Ethernet 2" },
      limit: { mtu: 1300 },
      outer: { known: true, adapter: { name: "Ethernet" }, serverAddress: "203.0.113.5" },
    });
  },
);

test("WireGuard's two halves are a forced tunnel, its outer path is the default route", () => {
  expect(vpnOnPath(wireGuardHost(), TARGET, guest)).toMatchObject({
    inVpn: true,
    tunnel: "forced",
    limit: { mtu: 1420, source: "NlMtu" },
    outer: { known: true, adapter: { name: "Ethernet" }, serverAddress: null },
  });
});

test("a split tunnel is on the path of its prefixes only", () => {
  const snapshot = plainHostWith({
    "Get-NetAdapter": [adapter("Corp", VPN, { InterfaceType: 53, MtuSize: 1380 })],
    "Get-NetIPInterface": [ipInterface("Corp", VPN, { NlMtu: "" })],
    "Get-NetRoute": [route(VPN, "203.0.113.128/25", "0.0.0.0")],
  });
  expect(vpnOnPath(snapshot, TARGET, guest)).toMatchObject({
    inVpn: true,
    tunnel: "split",
    limit: { mtu: 1380, source: "MtuSize" },
    outer: { known: true, adapter: { name: "Ethernet" } },
    evidence: expect.arrayContaining([expect.stringContaining("its driver has 1380 bytes")]),
  });
  expect(vpnOnPath(snapshot, "203.0.113.7", guest)).toMatchObject({ inVpn: false });
});

test("a disconnected VPN with a stale route row is not on the path", () => {
  const snapshot = plainHostWith({
    "Get-NetIPInterface": [
      ipInterface("Corp", VPN, { ConnectionState: "Disconnected", NlMtu: 1400 }),
    ],
    "Get-NetRoute": [route(VPN, "0.0.0.0/0", "0.0.0.0", { InterfaceMetric: 1 })],
    "Get-VpnConnection": [{ Name: "Corp", ConnectionStatus: "Disconnected" }],
  });
  expect(vpnOnPath(snapshot, TARGET, guest)).toMatchObject({ known: true, inVpn: false });
  expect(vpnAdapters(snapshot)).toEqual([]);
});

test("of two VPNs each is on the path of its own addresses", () => {
  const snapshot = plainHostWith({
    "Get-NetAdapter": [
      adapter("Ethernet 2", VPN, { InterfaceDescription: "PANGP Virtual Ethernet Adapter" }),
      adapter("Tailscale", 70, { InterfaceType: 53, InterfaceDescription: "Tailscale Tunnel" }),
    ],
    "Get-NetIPInterface": [
      ipInterface("Ethernet 2", VPN, { NlMtu: 1400, InterfaceMetric: 1 }),
      ipInterface("Tailscale", 70, { NlMtu: 1280, InterfaceMetric: 5 }),
    ],
    "Get-NetRoute": [
      route(VPN, "0.0.0.0/0", "203.0.113.129", { InterfaceMetric: 1 }),
      route(LAN, "203.0.113.5/32", "192.0.2.1"),
      route(70, "198.51.100.128/25", "0.0.0.0", { InterfaceMetric: 5 }),
    ],
  });
  expect(vpnOnPath(snapshot, TARGET, guest)).toMatchObject({
    inVpn: true,
    adapter: { name: "Ethernet 2" },
    limit: { mtu: 1400 },
    tunnel: "forced",
    outer: { adapter: { name: "Ethernet" }, serverAddress: null },
  });
  expect(vpnOnPath(snapshot, "198.51.100.200", guest)).toMatchObject({
    inVpn: true,
    adapter: { name: "Tailscale" },
    limit: { mtu: 1280 },
    tunnel: "split",
  });
  expect(vpnAdapters(snapshot).map(({ name }) => name)).toEqual(["Ethernet 2", "Tailscale"]);
});

test("IPv6 has its own limit, and may go around a VPN that carries IPv4 only", () => {
  const dual = {
    "Get-NetIPInterface": [
      ipInterface("Example Corp", VPN, { NlMtu: 1400 }),
      ipInterface("Example Corp", VPN, { NlMtu: 1380, AddressFamily: 23 }),
      ipInterface("Ethernet", LAN, { AddressFamily: 23 }),
    ],
    "Get-NetRoute": [
      route(VPN, "0.0.0.0/0", "0.0.0.0", { InterfaceMetric: 1 }),
      route(LAN, "::/0", "fe80::1"),
    ],
    "Get-VpnConnection": [{ Name: "Example Corp", ConnectionStatus: "Connected" }],
  };
  expect(vpnOnPath(plainHostWith(dual), "2001:db8::80", guest)).toMatchObject({ inVpn: false });
  const both = {
    ...dual,
    "Get-NetRoute": [...dual["Get-NetRoute"], route(VPN, "2001:db8::/32", "::")],
  };
  expect(vpnOnPath(plainHostWith(both), "2001:db8::80", guest)).toMatchObject({
    inVpn: true,
    limit: { mtu: 1380, source: "NlMtu" },
    tunnel: "split",
  });
});

test("a server given by name is looked up in what Windows resolved", () => {
  const snapshot = plainHostWith({
    "Get-NetIPInterface": [ipInterface("Corp", VPN, { NlMtu: 1400, InterfaceMetric: 1 })],
    "Get-NetRoute": [route(VPN, "0.0.0.0/0", "0.0.0.0", { InterfaceMetric: 1 })],
    "Get-VpnConnection": [
      { Name: "Corp", ConnectionStatus: "Connected", ServerAddress: "vpn.example.test" },
    ],
    resolve: [{ name: "vpn.example.test", addresses: ["192.0.2.99"] }],
  });
  expect(vpnOnPath(snapshot, TARGET)).toMatchObject({
    outer: {
      known: true,
      serverAddress: "192.0.2.99",
      adapter: { name: "Ethernet" },
      nextHop: null,
    },
  });
});

test("what is not known is not guessed", () => {
  const routeOnly = snapshotOf({ "Get-NetRoute": route(5, "0.0.0.0/0", "0.0.0.0") });
  expect(vpnOnPath(routeOnly, TARGET)).toMatchObject({ known: false });
  expect(vpnOnPath(snapshotOf({}), TARGET)).toEqual({
    known: false,
    reason: "the snapshot does not hold Get-NetRoute",
  });
  const tie = plainHostWith({
    "Get-NetAdapter": [adapter("Corp", VPN, { InterfaceType: 53 })],
    "Get-NetIPAddress": [address(VPN, "203.0.113.130", 32)],
    "Get-NetRoute": [route(VPN, "0.0.0.0/0", "0.0.0.0")],
  });
  expect(vpnOnPath(tie, TARGET)).toMatchObject({
    known: false,
    reason: expect.stringContaining("no metric decides"),
  });
});
