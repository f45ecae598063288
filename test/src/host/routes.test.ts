// Windows' route choice, case by case.

import { expect, test } from "vitest";
import { routeOnHost } from "../../../src/host/routes.ts";
import {
  adapter,
  address,
  ipInterface,
  LAN,
  loopbackInterface,
  plainHostWith,
  route,
  snapshotOf,
  VPN,
  WSL,
} from "./example.ts";

test("the longest prefix wins over the lowest metric", () => {
  const snapshot = plainHostWith({
    "Get-NetRoute": [route(WSL, "203.0.113.0/24", "198.51.100.9", { RouteMetric: 9000 })],
  });
  expect(routeOnHost(snapshot, "203.0.113.7")).toMatchObject({
    known: true,
    adapter: { ifIndex: WSL },
    nextHop: "198.51.100.9",
    prefix: "203.0.113.0/24",
    because: expect.stringContaining("is more specific than 0.0.0.0/0 on Ethernet"),
  });
});

test("among equal prefixes the sum of both metrics decides", () => {
  const snapshot = snapshotOf({
    "Get-NetRoute": [
      route(1, "0.0.0.0/0", "192.0.2.1", { RouteMetric: 0, InterfaceMetric: 30 }),
      route(2, "0.0.0.0/0", "192.0.2.2", { RouteMetric: 20, InterfaceMetric: "5" }),
      route(3, "0.0.0.0/0", "192.0.2.3", { RouteMetric: 26, InterfaceMetric: 0 }),
    ],
  });
  expect(routeOnHost(snapshot, "203.0.113.7")).toMatchObject({
    known: true,
    adapter: { name: "interface 2" },
    effectiveMetric: 25,
    ties: [],
    because: expect.stringContaining("has a lower metric than 0.0.0.0/0 on interface 3"),
  });
});

test("a VPN that copies the switch's prefix with a low metric takes its traffic", () => {
  const snapshot = plainHostWith({
    "Get-NetAdapter": [adapter("Ethernet 2", VPN)],
    "Get-NetIPInterface": [ipInterface("Ethernet 2", VPN, { InterfaceMetric: 1 })],
    "Get-NetRoute": [
      route(VPN, "198.51.100.0/25", "203.0.113.129", { RouteMetric: 1, InterfaceMetric: 1 }),
    ],
  });
  expect(routeOnHost(snapshot, "198.51.100.20")).toMatchObject({
    adapter: { name: "Ethernet 2" },
    effectiveMetric: 2,
    because: expect.stringContaining("has a lower metric than 198.51.100.0/25 on vEthernet (WSL"),
  });
});

test("the interface metric comes from Get-NetIPInterface when the route row lacks it", () => {
  const bare = { InterfaceMetric: null };
  const snapshot = snapshotOf({
    "Get-NetIPInterface": [
      ipInterface("A", 1, { InterfaceMetric: 50 }),
      ipInterface("A", 1, { InterfaceMetric: 5, AddressFamily: 23 }),
      ipInterface("B", 2, { InterfaceMetric: 10 }),
    ],
    "Get-NetRoute": [
      route(1, "0.0.0.0/0", "192.0.2.1", { RouteMetric: 0, ...bare }),
      route(2, "0.0.0.0/0", "192.0.2.2", { RouteMetric: 20, ...bare }),
    ],
  });
  expect(routeOnHost(snapshot, "203.0.113.7")).toMatchObject({
    adapter: { name: "B" },
    effectiveMetric: 30,
  });
});

test("a tie is named", () => {
  const snapshot = plainHostWith({
    "Get-NetRoute": [route(77, "0.0.0.0/0", "192.0.2.2")],
    "Get-NetAdapter": [adapter("Ethernet 7", 77)],
  });
  expect(routeOnHost(snapshot, "203.0.113.7")).toMatchObject({
    known: true,
    ties: [{ adapter: { name: "Ethernet 7", ifIndex: 77 } }],
    because: expect.stringContaining("is as good as"),
  });
});

test("a missing metric leaves the choice between two adapters open, but not on one", () => {
  const open = snapshotOf({
    "Get-NetRoute": [
      { ifIndex: 1, DestinationPrefix: "0.0.0.0/0", NextHop: "192.0.2.1" },
      { ifIndex: 2, DestinationPrefix: "0.0.0.0/0", NextHop: "192.0.2.2" },
    ],
  });
  expect(routeOnHost(open, "203.0.113.7")).toMatchObject({ known: false, kind: "ambiguous" });
  const one = snapshotOf({
    "Get-NetRoute": { InterfaceAlias: "A", DestinationPrefix: "0.0.0.0/0", NextHop: "192.0.2.1" },
  });
  expect(routeOnHost(one, "203.0.113.7")).toMatchObject({
    known: true,
    adapter: { name: "A", ifIndex: null },
    effectiveMetric: null,
  });
});

test("not collected, unreadable, no route and no address are different answers", () => {
  const kindOf = (sources: Record<string, unknown>, target = "203.0.113.7") => {
    const found = routeOnHost(snapshotOf(sources), target);
    return found.known ? "known" : found.kind;
  };
  expect(kindOf({})).toBe("not-collected");
  expect(kindOf({ "Get-NetRoute": { error: "access denied" } })).toBe("unreadable");
  expect(kindOf({ "Get-NetRoute": [] })).toBe("no-route");
  expect(kindOf({ "Get-NetRoute": [route(1, "0.0.0.0/0", "192.0.2.1")] }, "2001:db8::1")).toBe(
    "no-route",
  );
  expect(kindOf({ "Get-NetRoute": [] }, "host.example.test")).toBe("not-an-address");
});

const stale = route(VPN, "0.0.0.0/0", "0.0.0.0", {
  InterfaceAlias: "Example Corp",
  RouteMetric: 0,
  InterfaceMetric: 1,
});

test.each([
  [
    "its adapter is down",
    { "Get-NetAdapter": [adapter("Example Corp", VPN, { Status: "Disconnected" })] },
  ],
  [
    "its IP interface is disconnected",
    { "Get-NetIPInterface": [ipInterface("Example Corp", VPN, { ConnectionState: 0 })] },
  ],
  [
    "its profile is disconnected",
    { "Get-VpnConnection": [{ Name: "example corp", ConnectionStatus: "Disconnected" }] },
  ],
  ["no list of interfaces has it any more", {}],
])("a stale VPN route is not used when %s", (_, more) => {
  const snapshot = plainHostWith({ ...more, "Get-NetRoute": [stale] });
  expect(routeOnHost(snapshot, "203.0.113.7")).toMatchObject({ adapter: { ifIndex: LAN } });
});

test("only the disconnected family of an interface is left out", () => {
  const snapshot = snapshotOf({
    "Get-NetIPInterface": [
      loopbackInterface,
      ipInterface("Ethernet", LAN, { ConnectionState: "Connected", AddressFamily: "IPv4" }),
      ipInterface("Ethernet", LAN, { ConnectionState: "Disconnected", AddressFamily: "IPv6" }),
    ],
    "Get-NetRoute": [route(LAN, "0.0.0.0/0", "192.0.2.1"), route(LAN, "::/0", "fe80::1%9")],
  });
  expect(routeOnHost(snapshot, "203.0.113.7").known).toBe(true);
  expect(routeOnHost(snapshot, "2001:db8::7")).toMatchObject({ known: false, kind: "no-route" });
});

test("IPv6 has its own table, and a numeric zone picks the interface", () => {
  const snapshot = snapshotOf({
    "Get-NetIPAddress": [address(LAN, "2001:db8:1::20", 64)],
    "Get-NetRoute": [
      route(LAN, "::/0", "fe80::1"),
      route(LAN, "fe80::/64", "::"),
      route(WSL, "fe80::/64", "::", { InterfaceMetric: 5000 }),
    ],
  });
  expect(routeOnHost(snapshot, "2001:DB8:0:0::7")).toMatchObject({
    adapter: { ifIndex: LAN },
    nextHop: "fe80::1",
    prefix: "::/0",
  });
  expect(routeOnHost(snapshot, `fe80::7%${WSL}`)).toMatchObject({ adapter: { ifIndex: WSL } });
});
