// The states of a source, and rows in every shape that PowerShell and people give them.

import { expect, test } from "vitest";
import { readHost } from "../../../src/host/host.ts";
import { rowsOf } from "../../../src/host/sources.ts";
import { snapshotOf } from "./example.ts";

const row = { ifIndex: 7, InterfaceAlias: "Ethernet", AddressFamily: 2, NlMtu: 1492 };

test("empty, unreadable and not collected stay apart", () => {
  const name = "Get-NetNat";
  const nat = (value: unknown) => readHost(snapshotOf({ [name]: value })).nats;
  expect(nat([])).toEqual({ name, state: "rows", rows: [], notUnderstood: [] });
  expect(nat([null])).toEqual({ name, state: "rows", rows: [], notUnderstood: [] });
  expect(nat({})).toEqual({ name, state: "rows", rows: [], notUnderstood: [] });
  expect(nat({ error: "access denied" })).toEqual({ name, state: "error", error: "access denied" });
  expect(nat([{ Error: { message: "no such cmdlet" } }])).toEqual({
    name,
    state: "error",
    error: "no such cmdlet",
  });
  expect(nat({ error: "" })).toEqual({ name, state: "error", error: "no reason given" });
  expect(nat(null)).toEqual({ name, state: "not-collected" });
  expect(readHost(snapshotOf({})).nats).toEqual({ name, state: "not-collected" });
});

test.each([
  ["an object", row],
  ["an array", [row]],
  ["an array in an array", [[row], null]],
  ["PowerShell's value and Count", { value: [row], Count: 1 }],
])("rows may come as %s", (_, value) => {
  expect(rowsOf(readHost(snapshotOf({ "get-netipinterface": value })).ipInterfaces)).toMatchObject([
    { ifIndex: 7, alias: "Ethernet", family: 4, mtu: 1492 },
  ]);
});

test.each([
  [{ AddressFamily: 23, ConnectionState: 0, NlMtu: 1280, InterfaceMetric: 5 }],
  [{ AddressFamily: "23", ConnectionState: "0", NlMtu: "1280", InterfaceMetric: "5" }],
  [{ ADDRESSFAMILY: "IPv6", connectionstate: "Disconnected", nlmtu: " 1280 ", interfacemetric: 5 }],
])("enums may be numbers or names: %j", (properties) => {
  const source = { InterfaceIndex: "7", ...properties };
  expect(rowsOf(readHost(snapshotOf({ "Get-NetIPInterface": source })).ipInterfaces)).toMatchObject(
    [{ ifIndex: 7, alias: null, family: 6, connected: false, mtu: 1280, metric: 5 }],
  );
});

test("an MTU without a limit is null, and so is a blank one", () => {
  const rows = [4294967295, "4294967295", 0, "", null, -1, "1500 bytes"].map((NlMtu) => ({
    ...row,
    NlMtu,
  }));
  const read = rowsOf(readHost(snapshotOf({ "Get-NetIPInterface": rows })).ipInterfaces);
  expect(read.map(({ mtu }) => mtu)).toEqual(rows.map(() => null));
});

test("a row that is not understood is listed and does not spoil the others", () => {
  const rows = [row, { ...row, AddressFamily: "AppleTalk" }, { AddressFamily: 2 }, "text"];
  const source = readHost(snapshotOf({ "Get-NetIPInterface": rows })).ipInterfaces;
  expect(rowsOf(source)).toHaveLength(1);
  expect(source.state === "rows" && source.notUnderstood.map(({ why }) => why)).toEqual([
    "its AddressFamily is neither IPv4 (2) nor IPv6 (23)",
    "it names no interface",
    "it is not an object",
  ]);
});

test("adapter states are names or operational numbers, and an unknown name is unknown", () => {
  const statuses = ["Up", "up ", "Disconnected", "Not Present", "Disabled", "Aktiv", null];
  const rows: unknown[] = statuses.map((Status, i) => ({ Name: `a${i}`, Status }));
  const numbered = { Name: "n", InterfaceOperationalStatus: 2, InterfaceType: "Wireless80211" };
  const read = rowsOf(readHost(snapshotOf({ "Get-NetAdapter": [...rows, numbered] })).adapters);
  expect(read.map(({ up }) => up)).toEqual([true, true, false, false, false, null, null, false]);
  expect(read.at(-1)?.interfaceType).toBe(71);
});

test("addresses may carry a zone or a prefix length, and .NET objects are read", () => {
  const rows = [
    { ifIndex: 1, IPAddress: "fe80::1%12", PrefixLength: 64 },
    { ifIndex: 1, IPAddress: "192.0.2.1/24" },
    { ifIndex: 1, IPAddress: { Address: 1, IPAddressToString: "192.0.2.2" } },
    { ifIndex: 1, IPAddress: "192.0.2.3", AddressState: "Duplicate" },
    { ifIndex: 1, IPAddress: "10.1" },
  ];
  const source = readHost(snapshotOf({ "Get-NetIPAddress": rows })).ipAddresses;
  expect(rowsOf(source)).toMatchObject([
    { address: "fe80::1", family: 6, prefixLength: 64, usable: true },
    { address: "192.0.2.1", prefixLength: 24 },
    { address: "192.0.2.2", prefixLength: null },
    { address: "192.0.2.3", usable: false },
  ]);
});

test("a route's prefix length may stand apart, its host bits are cleared, on-link is null", () => {
  const rows = [
    { ifIndex: 1, DestinationPrefix: "192.0.2.9/24", NextHop: "0.0.0.0" },
    { ifIndex: 1, DestinationPrefix: "::", PrefixLength: "0", NextHop: "fe80::1%12" },
    { ifIndex: 1, DestinationPrefix: "::/0", NextHop: "::", Store: 0 },
    { ifIndex: 1, DestinationPrefix: "192.0.2.0/33", NextHop: "0.0.0.0" },
    { ifIndex: 1, DestinationPrefix: "192.0.2.0/24", NextHop: "gateway" },
  ];
  const source = readHost(snapshotOf({ "Get-NetRoute": rows })).routes;
  expect(rowsOf(source)).toMatchObject([
    { prefix: { text: "192.0.2.0/24" }, nextHop: null, active: true, routeMetric: null },
    { prefix: { text: "::/0" }, nextHop: "fe80::1%12" },
    { prefix: { text: "::/0" }, nextHop: null, active: false },
  ]);
  expect(source.state === "rows" && source.notUnderstood).toHaveLength(2);
});

test.each([
  [["192.0.2.53", "2001:db8::53"]],
  ["192.0.2.53, 2001:db8::53"],
  ["192.0.2.53;2001:DB8::53"],
  ["{192.0.2.53, 2001:db8:0::53}"],
  [[["192.0.2.53 2001:db8::53"], "nonsense"]],
])("server lists may be written as %j", (ServerAddresses) => {
  const source = snapshotOf({ "Get-DnsClientServerAddress": { ifIndex: 1, ServerAddresses } });
  expect(rowsOf(readHost(source).dnsServers)[0]?.servers).toEqual(["192.0.2.53", "2001:db8::53"]);
});

test("a single row of a look-up keeps its own error and is not taken for a failed source", () => {
  const snapshot = snapshotOf({
    resolve: { name: "a.example.test", addresses: [], error: "DNS name does not exist" },
    reach: { address: "192.0.2.80", port: "443", error: "timed out" },
  });
  expect(rowsOf(readHost(snapshot).resolved)).toMatchObject([{ error: "DNS name does not exist" }]);
  expect(rowsOf(readHost(snapshot).reached)).toMatchObject([{ port: 443, ok: false }]);
});

test("settings are read from numbers and from text", () => {
  const snapshot = snapshotOf({
    "Get-NetFirewallProfile": [
      { Name: "Public", Enabled: 1, DefaultInboundAction: 4, AllowLocalFirewallRules: 0 },
      { Name: "Domain", Enabled: "True", DefaultInboundAction: "Allow", AllowInboundRules: 2 },
    ],
    "Get-Service": [
      { Name: "SharedAccess", Status: 4 },
      { Name: "hns", Status: "Stopped" },
    ],
    "Get-VpnConnection": { Name: "Corp", ConnectionStatus: "Dormant", SplitTunneling: "False" },
    "Get-NetNat": { Name: "n", InternalIPInterfaceAddressPrefix: "198.51.100.0/24" },
    excludedPortRanges: [
      { StartPort: 100, EndPort: 90 },
      { StartPort: 50000, EndPort: 50059 },
    ],
    wsl: { Version: "2.6.1" },
    wslconfig: "[wsl2]\n",
  });
  expect(rowsOf(readHost(snapshot).firewallProfiles)).toEqual([
    {
      name: "Public",
      enabled: true,
      defaultInbound: "block",
      allowInboundRules: null,
      allowLocalRules: false,
    },
    {
      name: "Domain",
      enabled: true,
      defaultInbound: "allow",
      allowInboundRules: null,
      allowLocalRules: null,
    },
  ]);
  expect(rowsOf(readHost(snapshot).services).map(({ running }) => running)).toEqual([true, false]);
  expect(rowsOf(readHost(snapshot).vpnConnections)).toMatchObject([
    { connected: null, splitTunneling: false },
  ]);
  expect(rowsOf(readHost(snapshot).nats)[0]?.internalPrefix?.text).toBe("198.51.100.0/24");
  expect(rowsOf(readHost(snapshot).excludedPortRanges)).toEqual([
    { startPort: 50000, endPort: 50059 },
  ]);
  expect(rowsOf(readHost(snapshot).wsl)[0]?.version).toBe("2.6.1");
  expect(rowsOf(readHost(snapshot).wslconfig)).toEqual([{ text: "[wsl2]\n" }]);
  expect(readHost(snapshot).clocks).toEqual({ name: "clock", state: "not-collected" });
});
