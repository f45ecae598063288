// Where a run stands, what its host snapshot shows from there, and how many packets it sent.

import { describe, expect, test } from "vitest";
import {
  guestView,
  hostServers,
  mtuCandidates,
  relationOf,
} from "../../../src/facts/reach/path-host.ts";
import { packetsSent } from "../../../src/facts/stats.ts";
import { vantageFacts } from "../../../src/facts/vantage.ts";
import {
  BEHIND_NAT,
  dnsReply,
  type Guest,
  hostSnapshot,
  interfaces,
  NO_DNS_REPLY,
  ON_HOST,
  pathOf,
  RESOLVER,
  routes,
  TARGET,
  vantage,
} from "../../builders/events.ts";
import { NRPT_SERVER, nrptRule, plainHost, vpnHost } from "../../builders/host.ts";
import { control, hops, size } from "../../builders/probes.ts";
import { connected, passing, tcpInfo } from "../../builders/tcp.ts";

const seenFrom = (guest: Guest, host: unknown, kind: "wsl1" | "wsl2" | "linux" = "linux") =>
  pathOf(vantage(kind), interfaces(guest), routes(guest), hostSnapshot(host));

describe("the vantage", () => {
  test("is unknown before the machine was read", () => {
    expect(vantageFacts(pathOf())).toBeNull();
  });

  test("of a machine that reports its kind stays, whatever a snapshot holds", () => {
    expect(vantageFacts(seenFrom(BEHIND_NAT, plainHost, "wsl1"))).toMatchObject({
      kind: "wsl1",
      networkingMode: "wsl1",
    });
    expect(vantageFacts(seenFrom(ON_HOST, plainHost, "wsl2"))).toMatchObject({
      kind: "wsl2",
      networkingMode: "nat",
    });
  });

  test("becomes WSL2 NAT behind the snapshot's switch", () => {
    expect(vantageFacts(seenFrom(BEHIND_NAT, plainHost))).toMatchObject({
      kind: "wsl2",
      networkingMode: "nat",
    });
  });

  test("becomes WSL1 on the host's own address, or mirrored where loopback0 is", () => {
    expect(vantageFacts(seenFrom(ON_HOST, plainHost))).toMatchObject({ kind: "wsl1" });
    const own = interfaces(ON_HOST).interfaces;
    const mirrored = own.map((link) => (link.loopback ? { ...link, name: "loopback0" } : link));
    const path = pathOf(
      vantage("linux"),
      { kind: "interfaces", interfaces: mirrored },
      routes(ON_HOST),
      hostSnapshot(plainHost),
    );
    expect(vantageFacts(path)).toMatchObject({ kind: "wsl2", networkingMode: "mirrored" });
  });

  test("stays Linux without a snapshot, and with one that is of another network", () => {
    expect(vantageFacts(seenFrom(BEHIND_NAT, null))).toMatchObject({ kind: "linux" });
    const elsewhere = { ...BEHIND_NAT, address: "203.0.113.200", gateway: "203.0.113.254" };
    expect(vantageFacts(seenFrom(elsewhere, plainHost))).toMatchObject({ kind: "linux" });
  });
});

describe("the host as the run sees it", () => {
  test("gets the guest's addresses without loopback, and the default routes' gateways", () => {
    expect(guestView(seenFrom(BEHIND_NAT, null))).toEqual({
      addresses: [{ address: "198.51.100.20", prefixLength: 25 }],
      gateways: ["198.51.100.1"],
    });
    expect(guestView(pathOf())).toEqual({ addresses: [], gateways: [] });
  });

  test("has no relation without a snapshot, and one with it", () => {
    expect(relationOf(seenFrom(BEHIND_NAT, null))).toBeNull();
    expect(relationOf(seenFrom(BEHIND_NAT, plainHost))).toMatchObject({ kind: "nat" });
    expect(relationOf(pathOf(hostSnapshot(plainHost)))).toMatchObject({ kind: "unknown" });
  });

  test("names the limit of the VPN on the path as the first candidate, each size once", () => {
    const candidates = mtuCandidates(seenFrom(BEHIND_NAT, vpnHost({ nlMtu: 1337 })), TARGET, 4);
    expect(candidates[0]).toBe(1337);
    expect(new Set(candidates).size).toBe(candidates.length);
    expect(candidates).not.toContain(4294967295);
    expect(mtuCandidates(seenFrom(BEHIND_NAT, null), TARGET, 4)).toEqual([]);
  });

  test("names the servers of the NRPT before those of its adapters, each once", () => {
    const host = vpnHost({ nrpt: [nrptRule(".", NRPT_SERVER, RESOLVER)] });
    expect(hostServers(seenFrom(ON_HOST, host), "www.example.test")).toEqual([
      { server: NRPT_SERVER, origin: "nrpt" },
      { server: RESOLVER, origin: "nrpt" },
    ]);
    const suffix = vpnHost({ nrpt: [nrptRule(".corp.test", NRPT_SERVER)] });
    expect(hostServers(seenFrom(ON_HOST, suffix), "www.example.test")).toEqual([
      { server: RESOLVER, origin: "adapter" },
    ]);
    expect(hostServers(seenFrom(ON_HOST, null), "www.example.test")).toEqual([]);
  });
});

describe("packets sent", () => {
  test("count UDP probes that left, DNS queries, and TCP segments where the kernel counts", () => {
    const failed = size(1500, { kind: "send-failed", error: "EMSGSIZE" });
    const silent = dnsReply(RESOLVER, NO_DNS_REPLY, { sent: 3 });
    const path = pathOf(control(), ...hops(["198.51.100.1"]), failed, silent, ...passing("t1"));
    expect(packetsSent(path)).toBe(3 + 3 + 9);
  });

  test("count a connection of an old kernel as one, and nothing as none", () => {
    const old = connected("t1", { info: tcpInfo({ segsOut: null }) });
    expect(packetsSent(pathOf(...old))).toBe(1);
    expect(packetsSent(pathOf())).toBe(0);
  });
});
