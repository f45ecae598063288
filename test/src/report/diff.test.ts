// Two runs compared: what is a change of the network, and what is none.

import { expect, it } from "vitest";
import { diffOf } from "../../../src/report/diff/diff.ts";
import { diffMarkdown } from "../../../src/report/diff/markdown.ts";
import { redactedPair } from "../../../src/report/diff/redacted.ts";
import { diffText } from "../../../src/report/diff/text.ts";
import { makeReport } from "../../../src/report/make.ts";
import { readEvents } from "../../recordings/files.ts";

const reportOf = (name: string) => makeReport(readEvents(`${name}.ndjson.gz`));

const healthy = reportOf("wsl2-healthy.root");
const vpn = reportOf("wsl2-vpn.root");
const vpnAsUser = reportOf("wsl2-vpn.user");

const rowOf = (area: string, what: string, before: string | null, after: string | null) => ({
  area,
  what,
  before,
  after,
});

it("a VPN that came changes verdict, sizes, path, adapters, MTUs and name servers", () => {
  const { changes } = diffOf(healthy, vpn);
  for (const expected of [
    rowOf("verdict", "verdict", "healthy", "fault"),
    rowOf("findings", "vpn-mtu-inbound-blackhole", null, "fault, at vpn-adapter, inbound"),
    rowOf("stages", "tls", "ok", "failed"),
    rowOf("chain", "hop 2", "192.168.1.1", "100.64.16.1"),
    rowOf("chain", "vpn-adapter", null, "MSFTVPN 100.64.16.6"),
    rowOf("addresses", "Windows: MSFTVPN", null, "100.64.16.6, 2001:db8:f0::6"),
    rowOf("mtus", "Windows: MSFTVPN, IPv4", null, "1400"),
    rowOf("dns", "Windows: MSFTVPN", null, "198.51.100.53"),
  ]) {
    expect(changes).toContainEqual(expected);
  }
  expect(changes.find(({ what }) => what === "inbound")).toEqual(
    rowOf("sizes", "inbound", "at least 1500 bytes", "1400 bytes, packets above 1400 bytes vanish"),
  );
});

it("what came is what went the other way around", () => {
  const turned = diffOf(vpn, healthy).changes.map(({ before, after, ...rest }) => ({
    ...rest,
    before: after,
    after: before,
  }));
  const key = ({ area, what }: { area: string; what: string }) => `${area} ${what}`;
  const sorted = (rows: readonly { area: string; what: string }[]) =>
    [...rows].sort((a, b) => key(a).localeCompare(key(b)));
  expect(sorted(turned)).toEqual(sorted(diffOf(healthy, vpn).changes));
});

it.each([
  "wsl2-healthy",
  "wsl2-vpn",
  "route-blackhole",
  "dns-proxy-blocked",
  "proxy-required",
  "gateway-gone",
  "server-answers-are-eaten",
])("the privileges alone differ between %s as root and as an ordinary user", (name) => {
  const diff = diffOf(reportOf(`${name}.root`), reportOf(`${name}.user`));
  expect(diff.changes).toEqual([]);
  expect(diff.beside.map(({ what }) => what)).toContain("privileges");
});

it("a run is no other than itself at another time, by other ids", () => {
  const later = vpn.events.map((event) => ({ ...event, atMs: event.atMs + 7 }));
  const { changes, unclear, beside } = diffOf(vpn, makeReport(later));
  expect({ changes, unclear, beside }).toEqual({ changes: [], unclear: [], beside: [] });
});

it("a cause that one of both could not check is listed, and no change", () => {
  const { unclear } = diffOf(vpn, vpnAsUser);
  const causes = unclear.filter(({ area }) => area === "findings").map(({ what }) => what);
  expect(causes).toEqual(["vpn-mtu-inbound-blackhole", "pmtu-inbound-blackhole"]);
});

it("a size that was not measured is no other size", () => {
  const { pmtu } = vpn;
  const unknown = { ...pmtu.inbound, bytes: null, exact: false, atLeast: null, below: null };
  const unsure = { ...vpn, pmtu: { ...pmtu, inbound: unknown } };
  expect(diffOf(vpn, unsure).changes).toEqual([]);
  const within = { ...unknown, atLeast: 1300, below: 1500, silent: true };
  expect(diffOf(vpn, { ...vpn, pmtu: { ...pmtu, inbound: within } }).changes).toEqual([]);
  const smaller = { ...within, atLeast: 1280, below: 1400 };
  const { changes } = diffOf(vpn, { ...vpn, pmtu: { ...pmtu, inbound: smaller } });
  expect(changes.map(({ what }) => what)).toEqual(["inbound"]);
});

it("another cause is a change, whatever the other run left unchecked", () => {
  const dead = reportOf("route-blackhole.root");
  const { changes } = diffOf(vpn, dead);
  expect(changes.filter(({ area }) => area === "findings").length).toBeGreaterThan(0);
});

it("both are redacted by the same names: what was equal still is", () => {
  const [before, after] = redactedPair(healthy, vpn, { target: true });
  const redacted = diffOf(before, after, "together");
  const own = diffOf(healthy, vpn);
  const about = ({ area, before: was, after: is }: (typeof own.changes)[number]) =>
    `${area} ${was === null} ${is === null}`;
  expect(redacted.changes.map(about)).toEqual(own.changes.map(about));
  expect(diffText(redacted)).not.toContain("MSFTVPN");
});

it("no text of a run drives a terminal or becomes Markdown", () => {
  const chain = vpn.chain.map((one) =>
    one.kind === "vpn-adapter" ? { ...one, name: "a\u001b[31m|<b>`" } : one,
  );
  const diff = diffOf(healthy, { ...vpn, chain });
  expect(diffText(diff).replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
  expect(diffMarkdown(diff)).not.toMatch(/<b>|`/);
});

it("as text and as Markdown it begins with what changed", () => {
  expect(diffText(diffOf(healthy, vpn))).toMatch(
    /^wsl-trace diff: \d+ changes: healthy -> fault\n/,
  );
  expect(diffMarkdown(diffOf(vpn, vpn))).toMatch(/^## nothing that matters changed: fault\n/);
});
