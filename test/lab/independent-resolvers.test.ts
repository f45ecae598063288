// Names in networks that the product did not build: which server is queried, which answers, which only Windows knows.

import { describe, expect, it } from "vitest";
import type { Net } from "./independent/net.ts";
import { OFFICE, type OfficeOptions, officeSnapshot } from "./independent/office.ts";
import { officeTests } from "./independent/office-tests.ts";
import { runTool, tracePath } from "./independent/tool.ts";

const NAME = "web.example.test";
const site = officeTests(90);
const { folder } = site;
const at = (file: string) => new URL(`./independent/${file}`, import.meta.url).pathname;

const office = (network: OfficeOptions = { tunnelMtu: 1400 }) =>
  site.office({ bytes: 9000, network });

async function resolver(on: Net, address: string = OFFICE.resolver4, name = NAME) {
  await on.serve(
    "site",
    process.execPath,
    at("dns-server.mjs"),
    address,
    name,
    OFFICE.site4,
    OFFICE.site6,
  );
}

function resolvConf(...servers: string[]): string {
  return folder.file("resolv.conf", servers.map((server) => `nameserver ${server}\n`).join(""));
}

/** Drops every question to a server, as a router does that the VPN has cut off. */
function silenceDns(on: Net, host: string, chain: "input" | "forward") {
  return on.nft(
    host,
    `table inet mute {
      chain questions {
        type filter hook ${chain} priority 0; policy accept;
        udp dport 53 ip daddr != ${OFFICE.resolver4} drop
        tcp dport 53 ip daddr != ${OFFICE.resolver4} drop
      }
    }
    `,
  );
}

const snapshot = (change: (sources: Record<string, unknown>) => void = () => undefined) => {
  const made = JSON.parse(JSON.stringify(officeSnapshot(1400)));
  change(made.sources);
  return folder.file("host.json", JSON.stringify(made));
};

const trace = (on: Net, host: string, snap: string, conf: string) =>
  tracePath(on, [NAME, "--ca", site.files.ca, "--host-snapshot", snap], { host, resolvConf: conf });

const causes = (report: { findings: readonly { cause: string; severity: string }[] }) =>
  report.findings.map(({ cause, severity }) => `${cause} ${severity}`);

describe("name servers that stand only in the NRPT", () => {
  it("are found where the guest is the host itself and its router is silent", async () => {
    const on = await office();
    await resolver(on);
    await on.ip("box", "addr", "add", "192.168.178.21/24", "dev", "sw0");
    await silenceDns(on, "guest", "input");
    await on.ip("guest", "addr", "add", "192.168.178.1/24", "dev", "eth0");
    const { report, code } = await trace(on, "box", snapshot(), resolvConf("192.168.178.1"));
    expect(code).toBe(1);
    expect(causes(report)).toEqual(["nrpt-only-vpn-dns fault"]);
    expect(report.findings[0]).toMatchObject({ segment: "resolver", direction: null });
    expect(report.findings[0]?.fixes[0]?.commands.join()).toContain(OFFICE.resolver4);
    expect(report.vantage).toMatchObject({ kind: "wsl1", networkingMode: "wsl1" });
    expect(report.target.address).not.toBeNull();
  });

  it("are found behind NAT when the configured server refuses", async () => {
    const on = await office();
    await resolver(on);
    const { report } = await trace(on, "guest", snapshot(), resolvConf(OFFICE.box4));
    expect(causes(report)).toEqual(["nrpt-only-vpn-dns fault"]);
    expect(report.vantage.kind).toBe("wsl2");
  });

  it("are found when the configured server answers that the name does not exist", async () => {
    const on = await office();
    await resolver(on);
    await on.ip("site", "addr", "add", "198.51.100.9/24", "dev", "eth0");
    await resolver(on, "198.51.100.9", "other.example.test");
    const only = snapshot((sources) => {
      sources["Get-DnsClientNrptPolicy"] = [];
      sources["Get-DnsClientNrptRule"] = [
        { Namespace: [".example.test"], NameServers: [OFFICE.resolver4] },
      ];
    });
    const { report } = await trace(on, "guest", only, resolvConf("198.51.100.9"));
    expect(causes(report)).toEqual(["nrpt-only-vpn-dns fault"]);
  });

  it("are not blamed when a rule covers other names only", async () => {
    const on = await office();
    await resolver(on);
    const other = snapshot((sources) => {
      sources["Get-DnsClientNrptPolicy"] = {
        Namespace: ".corp.invalid",
        NameServers: [OFFICE.resolver4],
      };
    });
    const { report } = await trace(on, "guest", other, resolvConf(OFFICE.box4));
    expect(causes(report)).toEqual(["dns-server-refuses fault"]);
  });

  it("are not blamed when they do not answer either", async () => {
    const on = await office();
    await silenceDns(on, "far", "forward");
    const dead = snapshot((sources) => {
      sources["Get-DnsClientNrptPolicy"] = { Namespace: ".", NameServers: ["198.51.100.77"] };
    });
    const { report } = await trace(on, "guest", dead, resolvConf("198.51.100.78"));
    expect(causes(report)).toEqual(["dns-server-unreachable fault"]);
    expect(report.target.address).toBeNull();
  });

  it("come before a black hole that would stop the user next", async () => {
    const on = await office({ tunnelMtu: 1400, farSilent: true });
    await resolver(on);
    const { report } = await trace(on, "guest", snapshot(), resolvConf(OFFICE.box4));
    expect(causes(report)).toEqual(["nrpt-only-vpn-dns fault", "vpn-mtu-inbound-blackhole fault"]);
  });
});

describe("name servers of resolv.conf", () => {
  it("that answer make a healthy run, which replays byte for byte", async () => {
    const on = await office();
    await resolver(on);
    const recording = `${folder.path}/run.ndjson`;
    const args = [
      NAME,
      "--ca",
      site.files.ca,
      "--host-snapshot",
      snapshot(),
      "--record",
      recording,
    ];
    const conf = resolvConf(OFFICE.resolver4);
    const { report, json } = await tracePath(on, args, { resolvConf: conf });
    expect([report.verdict, report.findings]).toEqual(["healthy", []]);
    const replayed = await runTool(on, "guest", ["replay", recording, "--json", "--no-redact"]);
    expect(replayed.stdout).toBe(json);
    expect(replayed.code).toBe(0);
  });

  it("that are silent in front of one that answers cost time: degraded", async () => {
    const on = await office();
    await resolver(on);
    await silenceDns(on, "far", "forward");
    const conf = resolvConf("198.51.100.78", OFFICE.resolver4);
    const { report } = await trace(on, "guest", snapshot(), conf);
    expect(report.verdict).toBe("degraded");
    expect(causes(report)).toEqual(["dns-server-unreachable warning"]);
  });

  it("that do not know the name are believed", async () => {
    const on = await office();
    await resolver(on, OFFICE.resolver4, "other.example.test");
    const { report } = await trace(on, "guest", "none", resolvConf(OFFICE.resolver4));
    expect(causes(report)).toEqual(["dns-name-does-not-exist fault"]);
    expect(report.target.address).toBeNull();
  });

  it("that cannot be seen from a snapshot leave the NRPT open, not denied", async () => {
    const on = await office();
    await silenceDns(on, "far", "forward");
    const { report } = await trace(on, "guest", "none", resolvConf("198.51.100.78"));
    expect(causes(report)).toEqual(["dns-server-unreachable fault"]);
    expect(report.notChecked.map(({ cause }) => cause)).toContain("nrpt-only-vpn-dns");
  });
});
