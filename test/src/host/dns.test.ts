// NRPT rules from every source, the adapters' servers, and what Windows answered.

import { expect, test } from "vitest";
import { adapterDnsServers, nrptFor } from "../../../src/host/dns.ts";
import { hostReached, hostResolved } from "../../../src/host/look-ups.ts";
import { ikev2Host, LAN, plainHostWith, snapshotOf, VPN } from "./example.ts";

const servers = (Namespace: unknown, NameServers: unknown) => ({ Namespace, NameServers });

function namespacesFor(sources: Record<string, unknown>, name: string): readonly string[] | string {
  const found = nrptFor(snapshotOf(sources), name);
  return found.known ? found.rules.map((rule) => rule.namespace) : found.kind;
}

test("an exact name goes before the longest suffix, and that before the rule for everything", () => {
  const rules = [
    servers(".", "192.0.2.1"),
    servers(".Example.TEST", "192.0.2.2"),
    servers(["host.corp.example.test"], "192.0.2.3"),
    servers(".corp.example.test", "192.0.2.4"),
    servers(".ample.test", "192.0.2.5"),
  ];
  const sources = { "Get-DnsClientNrptPolicy": rules };
  expect(namespacesFor(sources, "HOST.corp.example.test.")).toEqual([
    "host.corp.example.test",
    ".corp.example.test",
    ".example.test",
    ".",
  ]);
  expect(namespacesFor(sources, "example.test")).toEqual([".example.test", "."]);
  expect(namespacesFor(sources, "www.example.org")).toEqual(["."]);
});

test.each([['{"."}'], ["."], [["."]], [" . "], [[["."]]]])(
  "a namespace may be written as %j",
  (Namespace) => {
    const source = { "Get-DnsClientNrptRule": servers(Namespace, "192.0.2.53;192.0.2.54") };
    expect(nrptFor(snapshotOf(source), "www.example.test")).toMatchObject({
      known: true,
      rules: [{ namespace: ".", servers: ["192.0.2.53", "192.0.2.54"] }],
    });
  },
);

test("the same rule of several sources stands once, with all of them", () => {
  const key =
    "HKLM:\\SYSTEM\\CurrentControlSet\\Services\\Dnscache\\Parameters\\DnsPolicyConfig\\{A}";
  const snapshot = snapshotOf({
    "Get-DnsClientNrptPolicy": servers(".", ["192.0.2.53"]),
    "Get-DnsClientNrptRule": servers(["."], "192.0.2.53"),
    registry: [
      { Path: key, Name: "Name", Value: ["."] },
      { Path: key, Name: "GenericDNSServers", Value: "192.0.2.53;" },
    ],
  });
  expect(nrptFor(snapshot, "www.example.test")).toEqual({
    known: true,
    unread: [],
    rules: [
      {
        namespace: ".",
        servers: ["192.0.2.53"],
        sources: ["Get-DnsClientNrptPolicy", "Get-DnsClientNrptRule", "registry-local"],
      },
    ],
  });
});

test("rules that only the registry shows are found, also when a key is one object", () => {
  const policies =
    "HKLM:\\SOFTWARE\\Policies\\Microsoft\\Windows NT\\DNSClient\\DnsPolicyConfig\\DA-1";
  const snapshot = snapshotOf({
    "Get-DnsClientNrptPolicy": [],
    registry: { Path: policies, Name: [".corp.example.test"], GenericDNSServers: "2001:db8::53" },
  });
  expect(nrptFor(snapshot, "a.corp.example.test")).toMatchObject({
    rules: [{ servers: ["2001:db8::53"], sources: ["registry-policy"] }],
  });
});

test("a rule without servers is an exemption, and DirectAccess servers stand in", () => {
  const snapshot = snapshotOf({
    "Get-DnsClientNrptPolicy": [
      { Namespace: "nls.example.test", NameServers: null },
      { Namespace: ".example.test", NameServers: "", DirectAccessDnsServers: ["2001:db8::2"] },
    ],
  });
  expect(nrptFor(snapshot, "nls.example.test")).toMatchObject({
    rules: [{ servers: [] }, { servers: ["2001:db8::2"] }],
  });
});

test("an empty table, an unreadable one and one that was not collected stay apart", () => {
  const unrelated = [{ Path: "HKLM:\\SOFTWARE\\Example", Name: "Name", Value: "." }];
  expect(namespacesFor({ "Get-DnsClientNrptPolicy": [] }, "a.example.test")).toEqual([]);
  expect(namespacesFor({ registry: unrelated }, "a.example.test")).toBe("not-collected");
  expect(namespacesFor({ "Get-DnsClientNrptRule": { error: "denied" } }, "a.example.test")).toBe(
    "unreadable",
  );
  const half = { "Get-DnsClientNrptPolicy": [], "Get-DnsClientNrptRule": { error: "denied" } };
  expect(nrptFor(snapshotOf(half), "a.example.test")).toMatchObject({
    known: true,
    rules: [],
    unread: expect.arrayContaining(["Get-DnsClientNrptRule could not be read: denied"]),
  });
});

test("each adapter has its own servers, and one without any has an empty list", () => {
  const found = adapterDnsServers(ikev2Host());
  expect(found.known && found.adapters.filter(({ adapter }) => adapter.ifIndex !== 1)).toEqual([
    { adapter: { name: "Ethernet", ifIndex: LAN }, up: true, servers: ["192.0.2.1"] },
    { adapter: expect.objectContaining({ ifIndex: 31 }), up: true, servers: [] },
    { adapter: { name: "Example Corp", ifIndex: VPN }, up: true, servers: [] },
  ]);
  expect(adapterDnsServers(plainHostWith({}))).toMatchObject({ known: false });
});

test("what Windows resolved is found by name in any letter case", () => {
  const snapshot = snapshotOf({
    resolve: [
      { name: "WWW.example.test.", addresses: "203.0.113.80", servers: ["192.0.2.53"], ms: "12" },
      { name: "www.example.test", addresses: ["2001:db8::80"], ms: 3, error: null },
      { name: "no.example.test", addresses: [], error: "DNS name does not exist" },
    ],
  });
  expect(hostResolved(snapshot, "www.example.test")).toEqual({
    known: true,
    addresses: ["203.0.113.80", "2001:db8::80"],
    servers: ["192.0.2.53"],
    ms: 12,
    error: null,
  });
  expect(hostResolved(snapshot, "no.example.test")).toMatchObject({
    known: true,
    addresses: [],
    error: "DNS name does not exist",
  });
  expect(hostResolved(snapshot, "other.example.test")).toMatchObject({ known: false });
  expect(hostResolved(snapshotOf({}), "www.example.test")).toEqual({
    known: false,
    reason: 'the snapshot does not hold "resolve"',
  });
});

test("what Windows reached is found by address and port", () => {
  const snapshot = snapshotOf({
    reach: [
      { address: "203.0.113.80", port: 443, ok: true, ms: 4.2, error: null },
      { address: "2001:DB8::80", port: "443", ok: "False", error: "timed out" },
    ],
  });
  expect(hostReached(snapshot, "203.0.113.80", 443)).toEqual({
    known: true,
    ok: true,
    ms: 4.2,
    error: null,
  });
  expect(hostReached(snapshot, "2001:db8::80", 443)).toMatchObject({
    ok: false,
    error: "timed out",
  });
  expect(hostReached(snapshot, "203.0.113.80", 80)).toMatchObject({ known: false });
  expect(hostReached(snapshotOf({ reach: { error: "x" } }), "203.0.113.80", 80)).toMatchObject({
    known: false,
    reason: '"reach" could not be read: x',
  });
});
