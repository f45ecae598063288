// Routes that lead the wrong way, made for real on both sides of a WSL guest, with Windows' tables by hand.

import { describe, expect, it } from "vitest";
import * as z from "zod";
import { link, type Net } from "./independent/net.ts";
import { OFFICE, officeSnapshot } from "./independent/office.ts";
import { officeTests } from "./independent/office-tests.ts";
import { tracePath } from "./independent/tool.ts";

const site = officeTests(0);
const { folder } = site;
let snapshots = 0;

const office = () => site.office({ bytes: 400 });

type Rows = readonly Readonly<Record<string, unknown>>[];
const VPN = 44;
const CARD = 7;

const sourcesOf = z.looseObject({ sources: z.record(z.string(), z.unknown()) });
const rowsOf = z.array(z.record(z.string(), z.unknown()));

/** The office's snapshot with more rows behind those of each source. */
function snapshot(more: Readonly<Record<string, Rows>> = {}): string {
  const base = sourcesOf.parse(officeSnapshot(1500));
  const sources = Object.fromEntries(
    Object.entries({ ...base.sources, ...more }).map(([name, rows]) => {
      const known = base.sources[name];
      const added = more[name] ?? [];
      return [
        name,
        known === undefined || added.length === 0 ? rows : [...rowsOf.parse(known), ...added],
      ];
    }),
  );
  snapshots += 1;
  return folder.file(`host-${snapshots}.json`, JSON.stringify({ ...base, sources }));
}

const route = (prefix: string, ifIndex: number, metric: number, hop = "0.0.0.0") => ({
  DestinationPrefix: prefix,
  NextHop: hop,
  RouteMetric: 1,
  InterfaceMetric: metric,
  ifIndex,
  AddressFamily: prefix.includes(":") ? 23 : 2,
});

const trace = async (on: Net, host: string, target: string = OFFICE.site4) => {
  const authority = target.includes(":") ? `[${target}]` : target;
  const args = [`https://${authority}/`, "--ca", site.files.ca, "--host-snapshot", host];
  return (await tracePath(on, args)).report;
};

const told = (report: Awaited<ReturnType<typeof trace>>) =>
  report.findings.map(({ cause, severity, segment, direction }) =>
    [cause, severity, segment, direction].join(" "),
  );

describe("replies to the guest", () => {
  it.each([
    ["172.27.128.0/20", "vpn-metric-steals-wsl-subnet"],
    ["172.27.130.8/29", "vpn-more-specific-route"],
  ])("that %s leads into a VPN are %s", async (prefix, cause) => {
    const on = await office();
    await on.ip("box", "route", "del", "172.27.128.0/20", "dev", "sw0").catch(() => "");
    await on.ip("box", "route", "add", prefix, "dev", "tun5");
    const report = await trace(on, snapshot({ "Get-NetRoute": [route(prefix, VPN, 1)] }));
    expect(told(report)).toEqual([`${cause} fault windows-stack inbound`]);
  });

  it("that a second card has a route for are an overlap", async () => {
    const on = await office();
    await on.ip("box", "route", "add", "172.27.130.0/24", "dev", "tun5");
    const report = await trace(
      on,
      snapshot({ "Get-NetRoute": [route("172.27.130.0/24", CARD, 1)] }),
    );
    expect(told(report)).toEqual(["nat-subnet-overlap fault windows-stack inbound"]);
  });

  it("that come all the same are no finding, whatever the table states", async () => {
    const on = await office();
    const report = await trace(
      on,
      snapshot({ "Get-NetRoute": [route("172.27.128.0/20", VPN, 1)] }),
    );
    expect([report.verdict, told(report)]).toEqual(["healthy", []]);
  });
});

describe("a target inside WSL's own network", () => {
  const target = "172.27.135.7";

  it("that Windows has a route for is an overlap", async () => {
    const on = await office();
    const report = await trace(
      on,
      snapshot({ "Get-NetRoute": [route("172.16.0.0/12", VPN, 1)] }),
      target,
    );
    expect(told(report)).toEqual(["nat-subnet-overlap fault linux-stack outbound"]);
  });

  it("that nobody speaks for is a neighbour that is down", async () => {
    const on = await office();
    expect(told(await trace(on, snapshot(), target))).toEqual([
      "destination-down fault destination ",
    ]);
  });
});

describe("a bridge of Docker", () => {
  async function bridged(name: string): Promise<Net> {
    const on = await office();
    await link(on, ["guest", name], ["wire", "c0"], 1500);
    await on.ip("guest", "addr", "add", "198.51.100.200/24", "dev", name);
    await on.ip("guest", "addr", "add", "2001:db8:44::200/64", "dev", name);
    return on;
  }

  it.each([OFFICE.site4, OFFICE.site6])("in the range of %s takes its packets", async (target) => {
    const on = await bridged("br-0a1b2c3d4e5f");
    const report = await trace(on, "none", target);
    expect(told(report)).toEqual(["docker-bridge-overlap fault linux-stack outbound"]);
    expect(report.findings[0]?.summary).toContain("by eth0 the same address answers");
  });

  it("is not blamed for a container that is not there", async () => {
    const on = await bridged("docker0");
    await on.ip("box", "route", "add", "unreachable", "198.51.100.77");
    expect(told(await trace(on, "none", "198.51.100.77"))).toEqual([
      "destination-down fault destination ",
    ]);
  });
});

describe("a VPN inside the distro", () => {
  async function tunnelled(): Promise<Net> {
    const on = await office();
    await on.run("guest", "ip", "tuntap", "add", "dev", "tun0", "mode", "tun");
    await on.ip("guest", "addr", "add", "10.8.0.2/24", "dev", "tun0");
    await on.ip("guest", "link", "set", "tun0", "up");
    for (const half of ["0.0.0.0/1", "128.0.0.0/1"]) {
      await on.ip("guest", "route", "add", half, "dev", "tun0");
    }
    return on;
  }

  it("that leads nowhere is proven by the interface beside it", async () => {
    const report = await trace(await tunnelled(), snapshot());
    expect(told(report)).toEqual(["vpn-client-inside-wsl fault linux-stack outbound"]);
    expect(report.findings[0]?.confidence).toBe(0.95);
  });

  it("is none of WSL's on plain Linux: the attempt fails, and nobody is blamed", async () => {
    const report = await trace(await tunnelled(), "none");
    expect(report.findings).toMatchObject([
      { cause: "attempt-failed", segment: null, between: null },
    ]);
  });
});

describe("mirrored mode", () => {
  /** The guest has the host's own addresses, and loopback0. */
  async function mirrored(): Promise<Net> {
    const on = await office();
    await link(on, ["guest", "loopback0"], ["wire", "l0"], 1500);
    return on;
  }
  /** Windows without WSL's switch, as its own addresses are the guest's. */
  const own = (...more: Rows) => {
    const mine = { IPAddress: OFFICE.guest4, PrefixLength: 20, ifIndex: CARD, AddressFamily: 2 };
    const base = sourcesOf.parse(officeSnapshot(1500));
    const sources = { ...base.sources, "Get-NetIPAddress": [mine, ...more] };
    return folder.file("mirrored.json", JSON.stringify({ ...base, sources }));
  };

  it("without the routes that Windows has has lost them", async () => {
    const on = await mirrored();
    await on.ip("guest", "route", "del", "default");
    expect(told(await trace(on, own()))).toEqual([
      "mirrored-routes-lost fault linux-stack outbound",
    ]);
    expect(told(await trace(on, "none"))).toEqual(["no-default-route fault linux-stack outbound"]);
  });

  it("that sends from another address than Windows would is caught by the route that works", async () => {
    const on = await mirrored();
    await link(on, ["guest", "eth2"], ["far", "g0"], 1500);
    await on.ip("guest", "addr", "add", "100.71.9.2/30", "dev", "eth2");
    await on.ip("far", "addr", "add", "100.71.9.1/30", "dev", "g0");
    await on.ip("guest", "route", "add", "default", "via", "100.71.9.1", "metric", "500");
    await on.nft(
      "box",
      "table ip shut { chain f {\n type filter hook forward priority 0; policy drop;\n }\n }\n",
    );
    const vpn = { IPAddress: "100.71.9.2", PrefixLength: 30, ifIndex: VPN, AddressFamily: 2 };
    const report = await trace(on, own(vpn));
    expect(told(report)).toEqual(["mirrored-wrong-source-address fault linux-stack outbound"]);
    expect(report.findings[0]).toMatchObject({ confidence: 0.95 });
    expect(report.findings[0]?.fixes[0]?.commands[0]).toContain("dev eth2 src 100.71.9.2");
  });

  it("whose rules lead a local daemon's packets out is caught by the daemon that listens", async () => {
    const on = await mirrored();
    const listen = `require("node:net").createServer().listen(443, "127.0.0.2", () => console.log("ready"))`;
    await on.serve("guest", process.execPath, "-e", listen);
    await on.run("guest", "sysctl", "-qw", "net.ipv4.conf.all.route_localnet=1");
    await on.ip("guest", "addr", "add", "169.254.73.152/24", "dev", "loopback0");
    await on.ip(
      "guest",
      "route",
      "add",
      "default",
      "via",
      "169.254.73.249",
      "dev",
      "loopback0",
      "table",
      "127",
    );
    await on.ip("guest", "rule", "add", "pref", "2", "lookup", "local");
    await on.ip("guest", "rule", "add", "pref", "1", "to", "127.0.0.2", "lookup", "127");
    await on.ip("guest", "rule", "del", "pref", "0");
    const report = await trace(on, own(), "127.0.0.2");
    expect(told(report)).toEqual(["mirrored-local-policy-routing fault linux-stack outbound"]);
  });
});
