// What each adapter is taken for, and by which sign.

import { expect, test } from "vitest";
import { type GuestView, hostAdapters } from "../../../src/host/adapters.ts";
import type { HostSnapshot } from "../../../src/schema/host-snapshot.ts";
import {
  adapter,
  address,
  anyConnectHost,
  guest,
  ikev2Host,
  ipInterface,
  LAN,
  plainHostWith,
  type Rows,
  route,
  snapshotOf,
  VPN,
  WSL,
  wireGuardHost,
} from "./example.ts";

function kindOf(snapshot: HostSnapshot, ifIndex: number, view?: GuestView): string {
  const found = hostAdapters(snapshot, view).find((a) => a.ifIndex === ifIndex);
  return found === undefined ? "absent" : `${found.kind}: ${found.kindBecause}`;
}

const one = (Name: string, more: Rows) =>
  snapshotOf({ "Get-NetAdapter": [{ Name, ifIndex: 5, Status: "Up", ...more }] });

test("the rows of all cmdlets are joined by index, or by alias where that is missing", () => {
  const snapshot = snapshotOf({
    "Get-NetAdapter": { Name: "Ethernet", ifIndex: 9, Status: "Up", InterfaceType: 6 },
    "Get-NetIPInterface": [
      {
        InterfaceAlias: "ETHERNET",
        AddressFamily: "IPv4",
        NlMtu: 1500,
        InterfaceMetric: 25,
        ConnectionState: "Connected",
      },
      { ifIndex: "9", AddressFamily: 23, NlMtu: 1492, ConnectionState: 1 },
      { ifIndex: 9, AddressFamily: 2, NlMtu: null, Store: 0 },
    ],
    "Get-NetIPAddress": [{ InterfaceAlias: "Ethernet", IPAddress: "192.0.2.20", PrefixLength: 24 }],
    "Get-DnsClientServerAddress": [
      { InterfaceIndex: 9, AddressFamily: 2, ServerAddresses: ["192.0.2.1"] },
      { InterfaceIndex: 9, AddressFamily: 23, ServerAddresses: ["2001:db8::1"] },
    ],
  });
  expect(hostAdapters(snapshot)).toEqual([
    {
      name: "Ethernet",
      ifIndex: 9,
      description: null,
      interfaceType: 6,
      up: true,
      kind: "physical",
      kindBecause: expect.stringContaining("InterfaceType 6"),
      mtu: { 4: 1500, 6: 1492 },
      driverMtu: null,
      metric: { 4: 25, 6: null },
      addresses: [{ address: "192.0.2.20", family: 4, prefixLength: 24 }],
      dnsServers: ["192.0.2.1", "2001:db8::1"],
    },
  ]);
});

test("the MTU of a disconnected row is left over, a connected row of the same family counts", () => {
  const rows = [
    ipInterface("Corp", VPN, { ConnectionState: 0, NlMtu: 1500 }),
    ipInterface("Corp", VPN, { ConnectionState: 1, NlMtu: 1400 }),
    ipInterface("Corp", VPN, { ConnectionState: 0, NlMtu: 1280, AddressFamily: 23 }),
  ];
  expect(hostAdapters(snapshotOf({ "Get-NetIPInterface": rows }))[0]).toMatchObject({
    up: true,
    mtu: { 4: 1400, 6: null },
  });
});

test("Windows' own client is known by its profile, connected or not", () => {
  expect(kindOf(ikev2Host(), VPN)).toBe('vpn: Get-VpnConnection lists "Example Corp" (Connected)');
});

test.each([
  ["Cisco AnyConnect Secure Mobility Client Virtual Miniport Adapter for Windows x64"],
  ["PANGP Virtual Ethernet Adapter"],
  ["Fortinet SSL VPN Virtual Ethernet Adapter"],
  ["Juniper Networks Virtual Adapter"],
  ["Check Point Virtual Network Adapter For Endpoint VPN Client"],
  ["Zscaler Network Adapter 1.0.2.0"],
  ["TAP-Windows Adapter V9"],
  ["OpenVPN Data Channel Offload"],
  ["SonicWall NetExtender Adapter"],
  ["F5 Networks VPN Adapter"],
  ["Cloudflare WARP Interface Tunnel"],
  ["Tailscale Tunnel"],
  ["NordLynx Tunnel"],
  ["ProtonVPN Tunnel"],
  ["Mullvad Tunnel"],
  ["Wintun Userspace Tunnel"],
  ["Example VPN Adapter"],
])("%s is a VPN", (InterfaceDescription) => {
  expect(kindOf(one("Ethernet 5", { InterfaceDescription, InterfaceType: 6 }), 5)).toMatch(
    /^vpn: its description/,
  );
});

test.each([[23], ["53"], [131]])("InterfaceType %j is a VPN", (InterfaceType) => {
  expect(kindOf(one("Corp", { InterfaceType }), 5)).toBe(
    `vpn: InterfaceType ${InterfaceType} (${{ 23: "PPP", 53: "PROP_VIRTUAL", 131: "tunnel" }[Number(InterfaceType)]})`,
  );
});

test.each([
  ["Teredo Tunneling Pseudo-Interface", { InterfaceType: 131 }],
  ["isatap.example.test", { InterfaceType: 131 }],
  ["6TO4 Adapter", { InterfaceType: 131 }],
  ["Local Area Connection* 4", { InterfaceType: 131, InterfaceDescription: "WAN Miniport (SSTP)" }],
  ["Provider", { InterfaceType: 23, InterfaceDescription: "WAN Miniport (PPPOE)" }],
  ["VMware Network Adapter VMnet8", {}],
  [
    "VirtualBox Host-Only Network",
    { InterfaceDescription: "VirtualBox Host-Only Ethernet Adapter" },
  ],
  ["vEthernet (Default Switch)", { InterfaceDescription: "Hyper-V Virtual Ethernet Adapter" }],
  ["vEthernet (External)", { InterfaceDescription: "Hyper-V Virtual Ethernet Adapter #2" }],
  ["vEthernet (WSL Bridge)", { InterfaceDescription: "Hyper-V-virtueller Ethernet-Adapter" }],
  [
    "Ethernet-x-0000",
    { InterfaceDescription: "Cisco AnyConnect Network Access Manager Filter-0000" },
  ],
])("%s is virtual and no VPN", (name, more) => {
  expect(kindOf(one(name, { InterfaceType: 6, ...more }), 5)).toMatch(/^other-virtual: /);
});

test.each([
  ["WLAN", { InterfaceType: 71 }],
  ["Mobilfunk", { InterfaceType: 243 }],
  ["이더넷 2", { InterfaceType: 6, InterfaceDescription: "Realtek PCIe GbE Family Controller" }],
  [
    "Ethernet without VPN",
    { InterfaceType: 6, InterfaceDescription: "Example NIC", Virtual: false },
  ],
])("%s is physical", (name, more) => {
  expect(kindOf(one(name, more), 5)).toMatch(/^physical: /);
});

test("loopback is known by its type, its address or its name", () => {
  expect(kindOf(one("x", { InterfaceType: 24 }), 5)).toMatch(/^loopback/);
  expect(kindOf(plainHostWith({}), 1)).toMatch(/^loopback/);
  expect(kindOf(snapshotOf({ "Get-NetIPAddress": address(1, "::1", 128) }), 1)).toMatch(
    /^loopback/,
  );
});

test("an adapter that only a route names is unknown", () => {
  const snapshot = snapshotOf({ "Get-NetRoute": route(5, "192.0.2.0/24", "0.0.0.0") });
  expect(kindOf(snapshot, 5)).toBe("unknown: the snapshot does not say what it is");
});

test("a client that poses as Ethernet is known by the host route around it", () => {
  expect(kindOf(anyConnectHost(null), VPN)).toBe(
    "vpn: it carries the default route while 203.0.113.5/32 on Ethernet via 192.0.2.1 (metric 25) leads around it",
  );
  expect(kindOf(anyConnectHost("Example Secure Client Miniport"), VPN)).toMatch(/^vpn: it carries/);
});

test("a client that carries both halves of the addresses is known by them", () => {
  const snapshot = wireGuardHost({ InterfaceType: 6 });
  expect(kindOf(snapshot, VPN)).toBe(
    "vpn: it carries 0.0.0.0/1, 128.0.0.0/1, which together beat the default route",
  );
});

test("finer cuts of the address space count as well, an incomplete set does not", () => {
  const cuts = (...prefixes: readonly string[]) =>
    plainHostWith({
      "Get-NetAdapter": [adapter("Ethernet 2", VPN)],
      "Get-NetIPInterface": [ipInterface("Ethernet 2", VPN)],
      "Get-NetRoute": prefixes.map((prefix) => route(VPN, prefix, "203.0.113.129")),
    });
  expect(kindOf(cuts("0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/1"), VPN)).toMatch(/^vpn: it carries/);
  expect(kindOf(cuts("2000::/4", "3000::/4"), VPN)).toMatch(
    /^vpn: it carries 2000::\/4, 3000::\/4/,
  );
  expect(kindOf(cuts("0.0.0.0/2", "128.0.0.0/1"), VPN)).toMatch(/^physical/);
});

test("a second default route needs another sign beside it", () => {
  const second = (more: Rows, hop: string, mtu = 1500) =>
    plainHostWith({
      "Get-NetAdapter": [adapter("Ethernet 2", VPN, more)],
      "Get-NetIPInterface": [ipInterface("Ethernet 2", VPN, { NlMtu: mtu })],
      "Get-NetIPAddress": [address(VPN, "203.0.113.130", 26)],
      "Get-NetRoute": [route(VPN, "0.0.0.0/0", hop, { InterfaceMetric: 1 })],
    });
  expect(kindOf(second({}, "203.0.113.129"), VPN)).toMatch(/^physical/);
  expect(kindOf(second({}, "0.0.0.0"), VPN)).toMatch(/^vpn: .* on-link/);
  expect(kindOf(second({ Virtual: true }, "203.0.113.129"), VPN)).toMatch(/^vpn: .* virtual/);
  expect(kindOf(second({}, "203.0.113.129", 1350), VPN)).toMatch(/^vpn: .*MTU 1350 is below/);
  const wifi = { InterfaceType: 71 };
  expect(kindOf(second(wifi, "203.0.113.129", 1350), VPN)).toMatch(/^physical/);
});

test("Ethernet and Wi-Fi side by side are both physical", () => {
  const snapshot = plainHostWith({
    "Get-NetAdapter": [adapter("WLAN", 17, { InterfaceType: 71 })],
    "Get-NetIPInterface": [ipInterface("WLAN", 17, { InterfaceMetric: 50 })],
    "Get-NetIPAddress": [address(17, "192.0.2.130", 24)],
    "Get-NetRoute": [route(17, "0.0.0.0/0", "192.0.2.1", { InterfaceMetric: 50 })],
  });
  expect(kindOf(snapshot, LAN)).toMatch(/^physical/);
  expect(kindOf(snapshot, 17)).toMatch(/^physical/);
});

test("a plain card is no VPN because a split tunnel has single-address routes of its own", () => {
  const snapshot = plainHostWith({
    "Get-NetAdapter": [
      adapter("Ethernet 2", VPN, { InterfaceDescription: "PANGP Virtual Ethernet Adapter" }),
    ],
    "Get-NetIPInterface": [ipInterface("Ethernet 2", VPN, { NlMtu: 1400 })],
    "Get-NetRoute": [
      route(VPN, "203.0.113.9/32", "203.0.113.129"),
      route(VPN, "0.0.0.0/0", "203.0.113.129", { RouteMetric: 9000 }),
    ],
  });
  const plain = snapshotOf({
    ...snapshot.sources,
    "Get-NetAdapter": [
      adapter("Ethernet", LAN),
      adapter("Ethernet 2", VPN, { InterfaceDescription: "PANGP" }),
    ],
  });
  expect(kindOf(snapshot, LAN)).toMatch(/^physical/);
  expect(kindOf(plain, LAN)).toMatch(/^physical/);
});

test("the switch is known by WSL's name, and by topology when the guest is known", () => {
  expect(kindOf(plainHostWith({}), WSL)).toMatch(/^wsl-switch: its name/);
  const renamed = snapshotOf({
    "Get-NetAdapter": [
      adapter("vEthernet (WSL)", 30, { InterfaceDescription: "Hyper-V Virtual Ethernet Adapter" }),
      adapter("Сеть", WSL, { InterfaceDescription: "Hyper-V Virtual Ethernet Adapter #2" }),
    ],
    "Get-NetIPAddress": [address(30, "192.0.2.1", 24), address(WSL, "198.51.100.1", 25)],
  });
  expect(kindOf(renamed, WSL, guest)).toMatch(
    /^wsl-switch: the guest's 198\.51\.100\.20 lies inside/,
  );
  expect(kindOf(renamed, 30, guest)).toMatch(/^other-virtual: it has the name/);
  expect(kindOf(renamed, 30)).toMatch(/^wsl-switch: its name/);
});
