// The env report, from events alone: of a VPN host and of no host.

import { describe, expect, test } from "vitest";
import { envText } from "../../../src/report/text-env.ts";
import { envOf } from "../../builders/env.ts";
import { resolverConfig, vantage } from "../../builders/events.ts";
import { plainHost, VPN_NAME, vpnHost } from "../../builders/host.ts";

describe("a host with a VPN", () => {
  test("shows the tunnel with its MTU, its metric and what names it", () => {
    const report = envOf(vpnHost());
    const tunnel = report.chain.find(({ kind }) => kind === "vpn-adapter");
    expect(tunnel).toMatchObject({ name: VPN_NAME, mtu: 1400 });
    expect(tunnel?.source).toMatch(/snapshot: ./);
    expect(report.host.ways.find(({ family }) => family === 4)).toMatchObject({
      adapter: VPN_NAME,
      mtu: 1400,
      vpn: expect.stringMatching(/forced|split/),
    });
  });

  test("is shown in lines that fit a terminal, with the reason of each choice", () => {
    const text = envText(envOf(vpnHost()));
    expect(Math.max(...text.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(100);
    expect(text).toContain(VPN_NAME);
    expect(text).toMatch(/IPv4 {2}to .*tunnel/);
    for (const title of ["This distro", "Chain, as read", "Windows' outbound path"]) {
      expect(text).toContain(title);
    }
  });
});

test("a link without an address is said to have none, and what two families share is said once", () => {
  const report = envOf(vpnHost());
  const [link] = report.interfaces;
  const [path] = report.host.ways;
  if (link === undefined || path === undefined) throw new Error("the builder has both");
  const because = ["unheard-of"];
  const unknown = { ...path, adapter: null, because };
  const ways = [unknown, { ...unknown, family: 6 as const, address: "2001:db8::1" }];
  const down = { ...link, name: "eth9", loopback: false, up: false, addresses: [] };
  const text = envText({ ...report, interfaces: [down], host: { ...report.host, ways } });
  expect(text).toContain(`eth9: mtu ${link.mtu}, down, no address`);
  expect(text.match(/unheard-of/g)).toHaveLength(1);
  expect(text).toContain("IPv4, IPv6");
});

describe("the settings of WSL", () => {
  const wslConf = { "network.generateresolvconf": "false", "boot.systemd": "true" };
  const sources = (wslconfig: string) => ({
    schema: "wsl-trace.host/1",
    sources: { wslconfig, wsl: { version: "2.6.1.0", windows: "10.0.26100.4652" } },
  });

  test("are reported with what is in force instead", () => {
    const text = "[wsl2]\nnetworkingMode=mirrored # new\ndnsTunneling=true\n";
    const tunnelOff = { ...resolverConfig(), variant: "gateway-proxy" } as const;
    const report = envOf(sources(text), { ...vantage(), wslConf }, tunnelOff);
    expect(report.settings).toMatchObject({
      wslConf,
      wslconfig: { "wsl2.networkingmode": "mirrored", "wsl2.dnstunneling": "true" },
      windows: "10.0.26100.4652",
      wslOnWindows: "2.6.1.0",
    });
    expect(report.settings.notes).toEqual([
      expect.stringContaining("nat is in force"),
      expect.stringContaining("resolv.conf shows gateway-proxy"),
      expect.stringContaining("by hand"),
    ]);
    const shown = envText(report);
    expect(shown).toContain("boot.systemd=true");
    expect(shown).toContain("  ! wsl.conf keeps WSL from writing /etc/resolv.conf");
  });

  test("are not reported where nothing is set, or agrees under its old name", () => {
    const consomme = vantage("wsl2", "consomme");
    expect(envOf(sources("[wsl2]\nnetworkingMode=VirtioProxy"), consomme).settings.notes).toEqual(
      [],
    );
    expect(envOf(sources("")).settings).toMatchObject({ wslconfig: {}, notes: [] });
  });

  test("that were not read stay apart from those that are not set", () => {
    expect(envOf(null).settings).toMatchObject({
      wslconfig: null,
      wslconfigReason: "Windows did not answer",
      wslConf: null,
    });
    const unread = { schema: "wsl-trace.host/1", sources: { wslconfig: { error: "denied" } } };
    expect(envOf(unread).settings.wslconfigReason).toBe("denied");
  });
});

test("without a host the reason stands where its answers would", () => {
  const report = envOf(null);
  expect(report.host).toMatchObject({ origin: "none", ways: [], adapters: [] });
  expect(envText(report)).toContain("Windows did not answer");
});

test("a host without a VPN has a plain outbound path, and what it lacks is named", () => {
  const report = envOf(plainHost);
  expect(report.host.ways.find(({ family }) => family === 4)?.vpn).toBe("none");
  expect(report.host.missing.length).toBeGreaterThan(0);
});
