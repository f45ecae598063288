// `wsl-trace env` in a network of others: what it reads, what it reports, and that it sends nothing.

import { afterAll, afterEach, describe, expect, it } from "vitest";
import { envReport } from "../../src/schema/env-report.ts";
import type { Net } from "./independent/net.ts";
import { createOffice, OFFICE, officeSnapshot } from "./independent/office.ts";
import { createFolder, runTool } from "./independent/tool.ts";

const folder = createFolder();
let net: Net | undefined;

afterEach(async () => {
  await net?.remove();
  net = undefined;
});
afterAll(() => folder.remove());

const COUNT_ALL = `table inet seen {
  chain leaving {
    type filter hook output priority 0; policy accept;
    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit, mld2-listener-report } accept
    counter comment "sent"
  }
}
`;

async function env(on: Net, ...args: string[]) {
  const { stdout, stderr, code } = await runTool(on, "guest", [
    "env",
    "--json",
    "--no-redact",
    ...args,
  ]);
  if (stdout === "") throw new Error(`exit ${code}: ${stderr}`);
  return { report: envReport.parse(JSON.parse(stdout)), code };
}

describe("env", () => {
  it("names the chain of a guest behind a host with a VPN, by the snapshot, without a packet", async () => {
    net = await createOffice({ tunnelMtu: 1400 });
    await net.nft("guest", COUNT_ALL);
    const snapshot = folder.file("host.json", JSON.stringify(officeSnapshot(1400)));
    const { report, code } = await env(net, "--host-snapshot", snapshot);
    expect(code).toBe(0);
    expect(report.chain.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(["linux-nic", "vswitch", "windows-stack", "nat", "vpn-adapter"]),
    );
    const tunnel = report.chain.find(({ kind }) => kind === "vpn-adapter");
    expect(tunnel).toMatchObject({ name: "Kontor", mtu: 1400, metric: { 4: 20 } });
    expect(tunnel?.source).toContain("snapshot");
    expect(report.host.relation?.kind).toBe("nat");
    expect(report.host.ways[0]).toMatchObject({ family: 4, adapter: "Kontor", mtu: 1400 });
    const sent = await net.run("guest", "nft", "list", "chain", "inet", "seen", "leaving");
    expect(sent).toContain("counter packets 0 bytes 0");
  });

  it("explains the path to one address, which need not be the path to the others", async () => {
    net = await createOffice({ tunnelMtu: 1400 });
    const snapshot = folder.file("host.json", JSON.stringify(officeSnapshot(1400)));
    const { report } = await env(net, OFFICE.box4, "--host-snapshot", snapshot);
    expect(report.host.ways[0]).toMatchObject({ address: OFFICE.box4, vpn: "none" });
  });

  it("without a snapshot reports that there is none, and why, and keeps what Linux knows", async () => {
    net = await createOffice({ tunnelMtu: 1400 });
    const { report, code } = await env(net, "--host-snapshot", "none");
    expect(code).toBe(0);
    expect(report.host).toMatchObject({ origin: "none", adapters: [], ways: [] });
    expect(report.host.reason).toContain("--host-snapshot none");
    expect(report.chain.find(({ kind }) => kind === "linux-nic")).toMatchObject({
      name: "eth0",
      address: OFFICE.guest4,
      mtu: 1500,
    });
  });

  it("of a machine without any route is still a report", async () => {
    net = await createOffice({ tunnelMtu: 1400 });
    await net.ip("guest", "route", "del", "default");
    const { report, code } = await env(net, "--host-snapshot", "none");
    expect(code).toBe(0);
    expect(report.chain.some(({ kind }) => kind === "linux-stack")).toBe(true);
  });

  it("does not take a name, and gives the reason", async () => {
    net = await createOffice({ tunnelMtu: 1400 });
    const { code, stderr } = await runTool(net, "guest", ["env", "github.com"]);
    expect(code).toBe(2);
    expect(stderr).toContain("env sends nothing");
  });
});
