// Whatever a snapshot holds, every question gets a known or an unknown answer.

import fc from "fast-check";
import { expect, test } from "vitest";
import { hostAdapters } from "../../../src/host/adapters.ts";
import { adapterDnsServers, nrptFor } from "../../../src/host/dns.ts";
import { hostReached, hostResolved } from "../../../src/host/look-ups.ts";
import { guestRelation } from "../../../src/host/relation.ts";
import { routeOnHost } from "../../../src/host/routes.ts";
import { vpnOnPath } from "../../../src/host/vpn.ts";
import { propertyRuns } from "../../builders/property-runs.ts";
import { guest, ikev2Host, plainHost, snapshotOf } from "./example.ts";

const SOURCES = [
  "Get-NetAdapter",
  "Get-NetIPInterface",
  "Get-NetIPAddress",
  "Get-NetRoute",
  "Get-DnsClientServerAddress",
  "Get-DnsClientNrptPolicy",
  "Get-DnsClientNrptRule",
  "Get-VpnConnection",
  "registry",
  "resolve",
  "reach",
];
const PROPERTIES = [
  "Name",
  "ifIndex",
  "InterfaceAlias",
  "AddressFamily",
  "NlMtu",
  "InterfaceMetric",
  "Status",
  "ConnectionState",
  "IPAddress",
  "PrefixLength",
  "DestinationPrefix",
  "NextHop",
  "RouteMetric",
  "ServerAddresses",
  "Namespace",
  "NameServers",
  "ConnectionStatus",
  "ServerAddress",
  "Path",
  "Value",
  "name",
  "addresses",
  "address",
  "port",
  "ok",
  "error",
  "InterfaceType",
  "value",
  "Count",
];
const value = fc.oneof(
  fc.constantFrom<unknown>(1, 2, 23, "2", "IPv6", "Up", "Connected", 0, null, "", -1, 4294967295),
  fc.constantFrom<unknown>("0.0.0.0/0", "::/0", "192.0.2.1", "fe80::1%12", "192.0.2.0/24", "{.}"),
  fc.constantFrom<unknown>(
    "vEthernet (WSL)",
    "Corp",
    ".",
    "HKLM:\\DnsPolicyConfig\\A",
    "203.0.113.5",
  ),
  fc.jsonValue({ maxDepth: 3 }),
);
const row = fc.dictionary(fc.constantFrom(...PROPERTIES), value, { maxKeys: 10 });
const source = fc.oneof(fc.array(fc.oneof(row, row, value), { maxLength: 5 }), row, value);
const sources = fc.dictionary(fc.constantFrom(...SOURCES), source);
const target = fc.constantFrom("203.0.113.7", "2001:db8::7", "fe80::1%12", "host.example.test", "");

test("any rows give answers that are known or unknown, as plain data", () => {
  fc.assert(
    fc.property(sources, target, (json, address) => {
      const snapshot = snapshotOf(json);
      const answers = [
        routeOnHost(snapshot, address),
        vpnOnPath(snapshot, address, guest),
        nrptFor(snapshot, address),
        adapterDnsServers(snapshot),
        hostResolved(snapshot, address),
        hostReached(snapshot, address, 443),
      ];
      for (const answer of answers) {
        if (!answer.known) expect(answer.reason).not.toBe("");
      }
      const relation = guestRelation(snapshot, guest.addresses, guest.gateways);
      const all = [...answers, relation, hostAdapters(snapshot, guest)];
      expect(JSON.parse(JSON.stringify(all))).toEqual(all);
    }),
    { numRuns: propertyRuns(1500) },
  );
});

test("any damaged source leaves the others readable", () => {
  const base = ikev2Host().sources;
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(plainHost)), source, (key, damaged) => {
      const snapshot = snapshotOf({ ...base, [key]: damaged });
      expect(nrptFor(snapshot, "www.example.test")).toMatchObject({ known: true });
      expect(Array.isArray(hostAdapters(snapshot, guest))).toBe(true);
    }),
  );
});

test("a deeply nested source is no rows and no crash", () => {
  const deep: unknown = JSON.parse(`${"[".repeat(5000)}${"]".repeat(5000)}`);
  expect(routeOnHost(snapshotOf({ "Get-NetRoute": deep }), "203.0.113.7")).toMatchObject({
    known: false,
    kind: "no-route",
  });
});
