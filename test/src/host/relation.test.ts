// How the distro stands to the host: behind its NAT, on its own addresses, or neither.

import { expect, test } from "vitest";
import { guestRelation } from "../../../src/host/relation.ts";
import { adapter, address, LAN, plainHostWith, route, snapshotOf, VPN, WSL } from "./example.ts";

const at = (text: string, prefixLength: number) => ({ address: text, prefixLength });

test("a guest inside the switch's prefix is behind NAT, its gateway is the host there", () => {
  const guests = [at("127.0.0.1", 8), at("198.51.100.20", 25), at("fe80::20", 64)];
  expect(guestRelation(plainHostWith({}), guests)).toMatchObject({
    kind: "nat",
    adapter: { ifIndex: WSL },
    gateway: "198.51.100.1",
    guestAddress: "198.51.100.20",
  });
});

test("a guest with the host's own address shares its network", () => {
  expect(guestRelation(plainHostWith({}), [at("192.0.2.20", 24)])).toMatchObject({
    kind: "same-host",
    addresses: ["192.0.2.20"],
  });
});

test("loopback and link-local addresses do not count", () => {
  const snapshot = plainHostWith({ "Get-NetIPAddress": [address(LAN, "fe80::1%9", 64)] });
  const guests = [at("127.0.0.1", 8), at("fe80::20", 64), at("169.254.73.249", 16), at("junk", 8)];
  expect(guestRelation(snapshot, guests)).toMatchObject({ kind: "unknown" });
});

test("a guest elsewhere is unrelated, and one on the host's LAN is only a neighbour", () => {
  expect(guestRelation(plainHostWith({}), [at("203.0.113.9", 24)])).toMatchObject({
    kind: "unrelated",
    reason: "no guest address lies inside a prefix of the host",
  });
  expect(guestRelation(plainHostWith({}), [at("192.0.2.77", 24)], ["192.0.2.1"])).toMatchObject({
    kind: "unrelated",
    reason: expect.stringContaining("a neighbour on the LAN of Ethernet"),
  });
});

test("the guest's gateway settles which of two fitting adapters it is", () => {
  const snapshot = snapshotOf({
    "Get-NetAdapter": [adapter("vEthernet (WSL)", 30), adapter("Schalter", 31)],
    "Get-NetIPAddress": [address(30, "198.51.100.2", 25), address(31, "198.51.100.1", 24)],
  });
  const guests = [at("198.51.100.20", 25)];
  expect(guestRelation(snapshot, guests)).toMatchObject({ adapter: { ifIndex: 30 } });
  expect(guestRelation(snapshot, guests, ["198.51.100.1"])).toMatchObject({
    kind: "nat",
    adapter: { ifIndex: 31 },
  });
});

test("a gateway on the host outweighs a bridge of the guest that has an address of the host", () => {
  const guests = [at("192.0.2.20", 24), at("198.51.100.20", 25)];
  expect(guestRelation(plainHostWith({}), guests)).toMatchObject({ kind: "same-host" });
  expect(guestRelation(plainHostWith({}), guests, ["198.51.100.1"])).toMatchObject({ kind: "nat" });
});

test("a VPN whose prefix covers the guest is not taken for its switch", () => {
  const snapshot = plainHostWith({
    "Get-NetAdapter": [adapter("Corp", VPN, { InterfaceType: 53 })],
    "Get-NetIPAddress": [address(VPN, "198.51.100.99", 25)],
  });
  const guests = [at("198.51.100.20", 25)];
  expect(guestRelation(snapshot, guests)).toMatchObject({ adapter: { ifIndex: WSL } });
  const alone = snapshotOf({
    ...snapshot.sources,
    "Get-NetIPAddress": address(VPN, "198.51.100.99", 25),
  });
  expect(guestRelation(alone, guests)).toMatchObject({ kind: "unrelated" });
});

test("IPv6 is compared too", () => {
  const snapshot = snapshotOf({
    "Get-NetIPAddress": [address(WSL, "2001:db8:1::1", 64), address(LAN, "2001:db8:2::20", 64)],
    "Get-NetRoute": [route(LAN, "::/0", "fe80::1")],
  });
  expect(guestRelation(snapshot, [at("2001:DB8:1::99", 64)])).toMatchObject({
    kind: "nat",
    gateway: "2001:db8:1::1",
    adapter: { ifIndex: WSL },
  });
  expect(guestRelation(snapshot, [at("2001:db8:2::20", 128)])).toMatchObject({ kind: "same-host" });
});

test("the routes stand in for addresses that were not collected", () => {
  const onLink = (prefix: string) => route(WSL, prefix, "0.0.0.0");
  const snapshot = snapshotOf({
    "Get-NetRoute": [
      ...["198.51.100.0/25", "198.51.100.1/32", "198.51.100.127/32", "224.0.0.0/4"].map(onLink),
      route(LAN, "0.0.0.0/0", "192.0.2.1"),
      route(LAN, "192.0.2.0/24", "0.0.0.0"),
    ],
  });
  expect(guestRelation(snapshot, [at("198.51.100.20", 25)])).toMatchObject({
    kind: "nat",
    gateway: "198.51.100.1",
    adapter: { ifIndex: WSL },
  });
});

test("a missing prefix length is read from the on-link route", () => {
  const bare = { ifIndex: WSL, IPAddress: "198.51.100.1" };
  const snapshot = plainHostWith({});
  const without = snapshotOf({ ...snapshot.sources, "Get-NetIPAddress": bare });
  expect(guestRelation(without, [at("198.51.100.20", 25)])).toMatchObject({
    kind: "nat",
    gateway: "198.51.100.1",
  });
});

test("without the host's addresses the relation is unknown, with the reason", () => {
  const guests = [at("198.51.100.20", 25)];
  expect(guestRelation(snapshotOf({}), guests)).toEqual({
    kind: "unknown",
    reason: "the snapshot does not hold Get-NetIPAddress",
  });
  const denied = snapshotOf({ "Get-NetIPAddress": { error: "access denied" } });
  expect(guestRelation(denied, guests)).toEqual({
    kind: "unknown",
    reason: "Get-NetIPAddress could not be read: access denied",
  });
});
