// The typed rows of a snapshot: read once, plain data, and one reader for each source that is collected.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readHost } from "../../../src/host/host.ts";
import { windowsProxyFor } from "../../../src/host/proxy-settings.ts";
import { rowsOf, whyUnread } from "../../../src/host/sources.ts";
import { ikev2Host, snapshotOf } from "./example.ts";

test("a snapshot is read once, into data that survives JSON", () => {
  const snapshot = ikev2Host();
  const host = readHost(snapshot);
  expect(readHost(snapshot)).toBe(host);
  expect(JSON.parse(JSON.stringify(host))).toEqual(host);
});

test("every source that the collector writes has its rows", () => {
  const script = readFileSync(
    new URL("../../../probes/windows/collect.ps1", import.meta.url),
    "utf8",
  );
  const written = [...script.matchAll(/Add-(?:Rows|Value) '([^']+)'/g)].map(([, name]) => name);
  const names = Object.values(readHost(snapshotOf({}))).map(({ name }) => name);
  expect(written.length).toBeGreaterThan(15);
  expect(written.filter((name) => !names.includes(name ?? ""))).toEqual([]);
});

test("each source keeps its own state, whatever the others are in", () => {
  const host = readHost(
    snapshotOf({
      "Get-NetNat": [],
      "Get-Service": { error: "access denied" },
      proxy: "not settings",
      clock: { utc: "2026-11-22T10:00:00Z" },
    }),
  );
  expect(host.nats.state).toBe("rows");
  expect(whyUnread(host.nats)).toBeNull();
  expect(whyUnread(host.services)).toBe("Get-Service could not be read: access denied");
  expect(whyUnread(host.resolved)).toBe('the snapshot does not hold "resolve"');
  expect(rowsOf(host.proxies)).toEqual([]);
  expect(rowsOf(host.clocks)).toEqual([{ utc: "2026-11-22T10:00:00Z" }]);
});

test("a registry value is texts, whether it came as a number, a list or within its key", () => {
  const { registry } = readHost(
    snapshotOf({
      registry: [
        { Path: "HKLM:\\A", Name: "Number", Value: 255 },
        { Path: "HKLM:\\A", Name: "List", Value: [".a.test", ".b.test"] },
        { Path: "HKLM:\\B", GenericDNSServers: "192.0.2.53" },
      ],
    }),
  );
  expect(rowsOf(registry)).toMatchObject([
    { name: "Number", value: ["255"] },
    { name: "List", value: [".a.test", ".b.test"] },
    { name: null, value: null, properties: { genericdnsservers: ["192.0.2.53"] } },
  ]);
});

test.each([
  ["not collected", undefined, { known: false, reason: 'the snapshot does not hold "proxy"' }],
  ["unread", { error: "no" }, { known: false, reason: '"proxy" could not be read: no' }],
  ["no settings", "x", { known: false, reason: '"proxy" is not understood: it is not an object' }],
  ["empty", {}, { known: true, proxy: null, script: null }],
])("a proxy source that is %s is no proxy only where it was read", (_, proxy, expected) => {
  expect(windowsProxyFor(snapshotOf({ proxy }), "https", "www.example.test")).toEqual(expected);
});
