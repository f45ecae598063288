// Labs can be built on this machine, and nothing of them remains.

import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { endsOf } from "../../probes/lab/src/network/ip-batch.ts";
import { SCENARIOS } from "../../probes/lab/src/scenarios.ts";
import { realLabSystem } from "../builders/lab-system.ts";
import { fetchPage, inRole, inVantage } from "./harness/inside.ts";
import { openLabs, scenarioOf, type TestLabs, tracesOf, whyNoLab } from "./harness/labs.ts";

/** One scenario for each set of networks: the tests of the scenarios build every one. */
function oneOfEachShape(): readonly string[] {
  const shapes = new Map<string, string>();
  for (const { name, topology, vantage } of SCENARIOS) {
    const key = JSON.stringify([topology.roles, vantage]);
    if (!shapes.has(key)) shapes.set(key, name);
  }
  return [...shapes.values()];
}

describe.skipIf(whyNoLab !== null)(`building a lab${whyNoLab ? ` (${whyNoLab})` : ""}`, () => {
  let labs: TestLabs;
  beforeAll(async () => {
    labs = await openLabs();
  });
  afterAll(() => labs.close());

  it.each(oneOfEachShape())("builds %s and leaves nothing behind", async (name) => {
    const lab = await labs.build(name);
    const { topology, vantage, resolvConf } = lab.scenario;
    expect(Object.keys(lab.namespaces)).toEqual([...topology.roles]);
    const lines = await inVantage(lab, "cat", "/etc/resolv.conf");
    expect(lines.match(/^nameserver .*/gm) ?? []).toEqual(
      resolvConf.map((server) => `nameserver ${server}`),
    );
    const [own] = endsOf(topology, vantage);
    // Programs read this too: it must show the vantage's interfaces, not the machine's.
    const mtu = await inVantage(lab, "cat", `/sys/class/net/${own?.interface}/mtu`);
    expect(Number(mtu)).toBeGreaterThan(0);
    await lab.dispose();
    await lab.dispose();
    expect(await tracesOf(process.pid)).toEqual([]);
  });

  it("reaches the server from the guest with both families, over every router", async () => {
    const lab = await labs.build("wsl2-healthy");
    const lookup = await inVantage(lab, "ip", "-6", "route", "get", "2001:db8:e0::80");
    expect(lookup).toContain("via 2001:db8:a0::1");
    const listening = await inRole(lab, "server", "ss", "-Hltn");
    expect(listening).toContain("*:443");
    expect(listening).toContain("*:80");
    await lab.dispose();
  });

  it("has segmentation offloads off at every end, the tunnel's too", async () => {
    const lab = await labs.build("wsl2-vpn");
    for (const name of ["vswitch0", "wifi0", "vpn0"]) {
      const features = await inRole(lab, "host", "ethtool", "-k", name);
      expect(features).toMatch(/^tcp-segmentation-offload: off/m);
      expect(features).toMatch(/^generic-segmentation-offload: off/m);
      expect(features).toMatch(/^generic-receive-offload: off/m);
    }
    await lab.dispose();
  });

  it("runs several labs in one process without mixing them up", async () => {
    const [a, b] = await Promise.all([labs.build("wsl2-healthy"), labs.build("wsl2-healthy")]);
    expect(a.vantage.namespace).not.toBe(b.vantage.namespace);
    await a.dispose();
    expect(await inVantage(b, "ip", "-br", "address", "show", "dev", "eth0")).toContain("UP");
    await b.dispose();
    expect(await tracesOf(process.pid)).toEqual([]);
  });

  it("uses a plain link for the tunnel where wireguard-go is not installed", async () => {
    const without = await openLabs({
      ...realLabSystem,
      run: (file, args, options) =>
        args.some((arg) => arg.includes("command -v wireguard-go"))
          ? Promise.resolve({ exitCode: 127, stdout: "", stderr: "" })
          : realLabSystem.run(file, args, options),
    });
    const lab = await without.build("wsl2-vpn");
    expect(lab.tunnel).toBe("plain");
    expect(without.said.join()).toContain("wireguard-go is not installed");
    expect(await inRole(lab, "host", "ip", "link", "show", "vpn0")).toContain("mtu 1400");
    expect(await fetchPage(lab, "192.0.2.80")).toBe("hangs");
    await inVantage(lab, "ip", "link", "set", "dev", "eth0", "mtu", "1400");
    expect(await fetchPage(lab, "192.0.2.80")).toBe("got a page");
    expect(await fetchPage(lab, "2001:db8:e0::80")).toBe("got a page");
    await without.close();
    expect(await tracesOf(process.pid)).toEqual([]);
  });

  it("removes what it had built when a step fails", async () => {
    const broken = await openLabs({
      ...realLabSystem,
      run: (file, args, options) =>
        args.some((arg) => arg.includes("ethtool"))
          ? Promise.resolve({ exitCode: 1, stdout: "", stderr: "no such feature" })
          : realLabSystem.run(file, args, options),
    });
    await expect(broken.build("wsl2-vpn")).rejects.toThrow("no such feature");
    expect(await tracesOf(process.pid)).toEqual([]);
    await broken.close();
  });

  it("removes what it had built when it is aborted half-way", async () => {
    const abort = new AbortController();
    const early = await openLabs({
      ...realLabSystem,
      run: (file, args, options) => {
        if (args.some((arg) => arg.includes("/proc/sys"))) abort.abort(new Error("SIGINT"));
        return realLabSystem.run(file, args, options);
      },
    });
    const options = { signal: abort.signal, notify: () => undefined };
    await expect(early.factory.build(scenarioOf("wsl2-vpn"), options)).rejects.toThrow("SIGINT");
    expect(await tracesOf(process.pid)).toEqual([]);
    await early.close();
  });

  it("names the Debian packages that are missing", async () => {
    expect(await labs.factory.missing()).toEqual([]);
    const bare = await openLabs({
      ...realLabSystem,
      run: async (file, args) => ({
        exitCode: args.includes("nft") ? 127 : 0,
        stdout: file,
        stderr: "",
      }),
    });
    expect(await bare.factory.missing()).toEqual(["nftables"]);
    await bare.close();
  });

  it("has all that it needs without a shell on the machine's own /etc", async () => {
    const before = (await execa("cat", ["/etc/resolv.conf"])).stdout;
    const lab = await labs.build("wsl1-nrpt");
    await lab.applyFix({
      where: "linux",
      title: "Ask the VPN's name server",
      commands: ["printf 'nameserver 198.51.100.53\\n' | sudo tee /etc/resolv.conf"],
      persistent: false,
    });
    expect(await inVantage(lab, "cat", "/etc/resolv.conf")).toBe("nameserver 198.51.100.53");
    expect((await execa("cat", ["/etc/resolv.conf"])).stdout).toBe(before);
    await lab.dispose();
  });
});
