// The faults of the lab are real: sizes, silence and name servers behave as the scenarios define.

import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Lab } from "../../probes/lab/src/lab.ts";
import { parseHostSnapshotText } from "../../src/schema/host-snapshot.ts";
import { askDns, fetchPage, inRole, inVantage } from "./harness/inside.ts";
import { openLabs, type TestLabs, whyNoLab } from "./harness/labs.ts";

const V4 = "192.0.2.80";
const V6 = "2001:db8:e0::80";

describe.skipIf(whyNoLab !== null)(`the lab's network${whyNoLab ? ` (${whyNoLab})` : ""}`, () => {
  let labs: TestLabs;
  beforeAll(async () => {
    labs = await openLabs();
  });
  afterAll(() => labs.close());

  async function withLab(name: string, work: (lab: Lab) => Promise<void>): Promise<void> {
    const lab = await labs.build(name);
    await work(lab).finally(() => lab.dispose());
  }
  const setMtu = (lab: Lab, mtu: number) =>
    lab.applyFix({
      where: "linux",
      title: "Lower the MTU",
      commands: [`sudo ip link set dev eth0 mtu ${mtu}`],
      persistent: false,
    });

  it.each([V4, V6])("hangs in TLS behind the black hole, to %s", (address) =>
    withLab("wsl2-vpn", async (lab) => {
      expect(await fetchPage(lab, address)).toBe("hangs");
      await lab.flushCaches();
      expect(await fetchPage(lab, address)).toBe("hangs");
    }),
  );

  it("passes the tunnel's own size and not a byte more", () =>
    withLab("wsl2-vpn", async (lab) => {
      await setMtu(lab, 1401);
      expect(await fetchPage(lab, V4)).toBe("hangs");
      await setMtu(lab, 1400);
      expect(await fetchPage(lab, V4)).toBe("got a page");
      expect(await fetchPage(lab, V6)).toBe("got a page");
    }));

  it("passes when only the offered MSS is small", () =>
    withLab("wsl2-vpn-silent", async (lab) => {
      const route = ["ip", "route", "change", "default", "via", "172.24.16.1", "dev", "eth0"];
      await inVantage(lab, ...route, "advmss", "1200");
      expect(await fetchPage(lab, V4)).toBe("got a page");
    }));

  it.each([
    "wsl2-healthy",
    "wsl2-vpn-pmtud-ok",
    "vpn-mss-clamped",
    "server-mtu-1380",
    "server-small-flight",
  ])("serves pages over both families in %s", (name) =>
    withLab(name, async (lab) => {
      expect(await fetchPage(lab, V4)).toBe("got a page");
      expect(await fetchPage(lab, V6)).toBe("got a page");
    }),
  );

  it("lets the host itself through the same small tunnel", () =>
    withLab("wsl1-nrpt", async (lab) => {
      expect(await fetchPage(lab, V4)).toBe("got a page");
      expect(await fetchPage(lab, V6)).toBe("got a page");
    }));

  it("hangs whatever the size when a middlebox eats the payload", () =>
    withLab("middlebox-eats-payload", async (lab) => {
      expect(await fetchPage(lab, V4)).toBe("hangs");
      await setMtu(lab, 1280);
      expect(await fetchPage(lab, V4)).toBe("hangs");
    }));

  it("forgets cached path MTUs of both families when its caches are flushed", () =>
    withLab("wsl2-vpn", async (lab) => {
      const cached = async (address: string) =>
        (await inVantage(lab, "ip", "route", "get", address)).includes("mtu 1400");
      for (const address of [V4, V6]) {
        await inVantage(lab, process.execPath, "-e", SEND_1500, address);
        await expect.poll(() => cached(address)).toBe(true);
      }
      await lab.flushCaches();
      expect(await cached(V4)).toBe(false);
      expect(await cached(V6)).toBe(false);
    }));

  it.each(["udp", "tcp"] as const)("answers names over %s as name servers should", (protocol) =>
    withLab("wsl2-healthy", async (lab) => {
      for (const server of ["172.24.16.1", "2001:db8:a0::1"]) {
        const ask = (name: string, type: "A" | "AAAA") => askDns(lab, server, protocol, name, type);
        expect(await ask("github.com", "A")).toBe(`NOERROR ${V4}`);
        expect(await ask("GitHub.com", "AAAA")).toBe(`NOERROR ${V6}`);
        expect(await ask("ipv4.example.test", "AAAA")).toBe("NOERROR");
        expect(await ask("nowhere.example.test", "A")).toBe("NXDOMAIN");
      }
    }),
  );

  it("has a silent router and an answering company server while the VPN is up", () =>
    withLab("wsl1-nrpt", async (lab) => {
      expect(await askDns(lab, "192.168.1.1", "udp", "github.com", "A")).toBe("silence");
      expect(await askDns(lab, "192.168.1.1", "tcp", "github.com", "A")).toBe("silence");
      expect(await askDns(lab, "198.51.100.53", "udp", "github.com", "A")).toBe(`NOERROR ${V4}`);
      expect(await askDns(lab, "198.51.100.53", "tcp", "github.com", "A")).toBe(`NOERROR ${V4}`);
    }));

  it("takes the Windows snapshot from the host's own links, routes and probes", () =>
    withLab("wsl2-vpn", async (lab) => {
      const text = await readFile(lab.snapshotFile, "utf8");
      const { sources } = parseHostSnapshotText(text, lab.snapshotFile);
      const links: readonly { ifname: string; ifindex: number; mtu: number }[] = JSON.parse(
        await inRole(lab, "host", "ip", "-j", "link"),
      );
      const vpn = links.find(({ ifname }) => ifname === "vpn0");
      expect(sources["Get-NetAdapter"]).toContainEqual(
        expect.objectContaining({ Name: "MSFTVPN", ifIndex: vpn?.ifindex, MtuSize: vpn?.mtu }),
      );
      expect(sources["Get-NetRoute"]).toContainEqual(
        expect.objectContaining({
          InterfaceAlias: "MSFTVPN",
          DestinationPrefix: "0.0.0.0/0",
          NextHop: "0.0.0.0",
          RouteMetric: 0,
          InterfaceMetric: 25,
        }),
      );
      expect(sources["Get-NetRoute"]).toContainEqual(
        expect.objectContaining({ DestinationPrefix: "198.51.100.2/32", NextHop: "192.168.1.1" }),
      );
      expect(sources.resolve).toEqual([
        expect.objectContaining({ addresses: [V4, V6], servers: ["198.51.100.53"], error: null }),
      ]);
      expect(sources.reach).toEqual([
        expect.objectContaining({ address: V4, port: 443, ok: true }),
        expect.objectContaining({ address: V6, port: 443, ok: true }),
      ]);
    }));
});

// A datagram that fills 1500 bytes of IP, with DF: the host's ICMP error that names an MTU comes back for it.
const SEND_1500 = `
const [address] = process.argv.slice(1);
const v6 = address.includes(":");
const socket = require("node:dgram").createSocket(v6 ? "udp6" : "udp4");
socket.send(Buffer.alloc(1500 - 8 - (v6 ? 40 : 20)), 9, address, () => socket.close());
`;
