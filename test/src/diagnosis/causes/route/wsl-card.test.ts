// The card that WSL gives the distro: not there, or with an address that leads nowhere.

import { describe, expect, it } from "vitest";
import { causes, first, type More } from "../../../../builders/diagnosed.ts";
import { interfaces, lookup, ON_HOST, vantage } from "../../../../builders/events.ts";
import { plainHost } from "../../../../builders/host.ts";
import { failed, unconnected } from "../../../../builders/tcp.ts";

const LOCAL = { ...ON_HOST, address: "169.254.144.159", prefixLength: 16, gateway: null };
const NO_ROUTE: More = {
  lookups: [lookup(ON_HOST, { outcome: { kind: "no-route", error: "ENETUNREACH" } })],
  tcp: unconnected(failed("ENETUNREACH")),
  udp: [],
};
const mirrored = vantage("wsl2", "mirrored");

describe("a card with a link-local address alone", () => {
  it("was taken by a network manager where Windows has another", () => {
    const found = first({ ...NO_ROUTE, vantage: mirrored, guest: LOCAL, host: plainHost });
    expect(found).toMatchObject({
      cause: "network-manager-took-address",
      segment: "linux-nic",
      direction: "both",
    });
  });

  it("may be Windows' own, mirrored, where nobody shows Windows", () => {
    const found = first({ ...NO_ROUTE, vantage: mirrored, guest: LOCAL });
    expect(found?.cause).toBe("no-default-route");
  });

  it("is none of Windows' behind NAT, where WSL gives the address", () => {
    const found = first({ ...NO_ROUTE, vantage: vantage("wsl2", "nat"), guest: LOCAL });
    expect(found?.cause).toBe("network-manager-took-address");
  });

  it("may lack a DHCP server in bridged mode, and on plain Linux", () => {
    for (const kind of [vantage("wsl2", "bridged"), vantage("linux")]) {
      const found = first({ ...NO_ROUTE, vantage: kind, guest: LOCAL });
      expect(found?.cause).toBe("no-default-route");
    }
  });
});

describe("a distro without a network card", () => {
  const nothing = { ...interfaces(ON_HOST), interfaces: [] };
  const asking = (text: string): More => ({
    ...NO_ROUTE,
    vantage: vantage("wsl2", "none"),
    guest: { ...ON_HOST, gateway: null },
    host: { ...plainHost, sources: { ...plainHost.sources, wslconfig: text } },
    extra: [nothing],
  });

  it("lost it where .wslconfig asks for one, and the finding names the mode", () => {
    const found = first(asking("[wsl2]\nnetworkingMode=mirrored\n"));
    expect(found).toMatchObject({ cause: "nat-fallback-changed-mode", segment: "linux-nic" });
    expect(found?.summary).toContain("networkingMode=mirrored");
    expect(causes(asking("[wsl2]\nmemory=8GB\n"))).toEqual(["nat-fallback-changed-mode fault"]);
  });

  it("has what it asks for where .wslconfig says none", () => {
    expect(causes(asking("[wsl2]\nnetworkingMode=none\n"))).toEqual(["networking-none fault"]);
  });
});
