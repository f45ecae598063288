// Wrong ways inside the distro: mirrored mode, a VPN of its own, a full table, and what WSL1 lacks.

import { describe, expect, test } from "vitest";
import type { EventBody } from "../../../../../src/schema/event.ts";
import type { ProbeOutcome } from "../../../../../src/schema/events/probe.ts";
import { causes, diagnosed, first, type More } from "../../../../builders/diagnosed.ts";
import {
  BEHIND_NAT,
  dnsReply,
  type Guest,
  interfaces,
  lookup,
  NO_DNS_REPLY,
  ON_HOST,
  RESOLVER,
  resolverConfig,
  TARGET,
  targetAddresses,
  vantage,
} from "../../../../builders/events.ts";
import { plainHost, vpnHost } from "../../../../builders/host.ts";
import { control, hops, NO_REPLY, probeSent } from "../../../../builders/probes.ts";
import { ROUTERS, type RunOptions } from "../../../../builders/runs.ts";
import { failed, passing, NO_REPLY as SILENT, unconnected } from "../../../../builders/tcp.ts";

const mute = [control(NO_REPLY), ...hops([null, null, null], false)];
const dead = { tcp: unconnected(SILENT), udp: mute };

const mirrored = { vantage: vantage("wsl2", "mirrored"), guest: ON_HOST };

/** A fault that no special cause fits. */
const UNEXPLAINED = ["attempt-failed fault"];

describe("mirrored-routes-lost", () => {
  const lost: More = {
    ...mirrored,
    guest: { ...ON_HOST, gateway: null },
    lookups: [lookup(ON_HOST, { outcome: { kind: "no-route", error: "ENETUNREACH" } })],
    tcp: unconnected(failed("ENETUNREACH")),
    udp: [],
  };

  test("fires where Windows has the route that the guest lacks", () => {
    expect(causes({ ...lost, host: plainHost })).toEqual(["mirrored-routes-lost fault"]);
  });

  test("fires while names cannot be asked for", () => {
    const unreachable = { kind: "unreachable", error: "ENETUNREACH", from: null } as const;
    const names = [resolverConfig(), dnsReply("192.0.2.1", unreachable)];
    const options = { ...lost, names, lookups: [], tcp: [], host: plainHost };
    expect(causes(options)).toEqual(["mirrored-routes-lost fault"]);
  });

  test("is no-default-route without a snapshot, in another mode, or where Windows has none", () => {
    const wider = ["no-default-route fault"];
    expect(causes(lost)).toEqual(wider);
    expect(causes({ ...lost, vantage: vantage("wsl1"), host: plainHost })).toEqual(wider);
    const { "Get-NetRoute": _, ...rest } = plainHost.sources;
    expect(
      causes({ ...lost, host: { ...plainHost, sources: { ...rest, "Get-NetRoute": [] } } }),
    ).toEqual(wider);
  });
});

describe("mirrored-wrong-source-address", () => {
  const vpnAddress = "203.0.113.130";
  const both = (guest: Guest): EventBody => {
    const own = interfaces(guest);
    const tunnel = {
      name: "eth2",
      index: 4,
      mtu: 1400,
      up: true,
      loopback: false,
      mac: "00:53:00:00:00:04",
      addresses: [{ address: vpnAddress, prefixLength: 32, family: 4 as const }],
    };
    return { ...own, interfaces: [...own.interfaces, tunnel] };
  };

  test("fires where Windows would send from the VPN's address", () => {
    const options = { ...mirrored, ...dead, host: vpnHost(), extra: [both(ON_HOST)] };
    const found = first(options);
    expect(found).toMatchObject({ cause: "mirrored-wrong-source-address", segment: "linux-stack" });
    expect(found?.fixes[0]?.commands[0]).toContain(`dev eth2 src ${vpnAddress}`);
  });

  test("does not fire where it works, where Windows sends from there too, or without the address", () => {
    const extra = [both(ON_HOST)];
    expect(diagnosed({ ...mirrored, host: vpnHost(), extra }).findings).toEqual([]);
    expect(causes({ ...mirrored, ...dead, host: plainHost, extra })).toEqual(UNEXPLAINED);
    expect(causes({ ...mirrored, ...dead, host: vpnHost() })).toEqual(UNEXPLAINED);
    expect(
      causes({ ...mirrored, vantage: vantage("wsl1"), ...dead, host: vpnHost(), extra }),
    ).toEqual(UNEXPLAINED);
  });
});

describe("mirrored-local-policy-routing", () => {
  const LOCAL = "127.0.0.2";
  const local = (device: string, listens: boolean | null, selector = "from all"): More => {
    const plain = lookup(ON_HOST, { address: LOCAL });
    const outcome =
      plain.outcome.kind === "route" ? { ...plain.outcome, interface: device } : plain.outcome;
    const listener: readonly EventBody[] =
      listens === null ? [] : [{ kind: "local-listener", address: LOCAL, port: 443, listens }];
    return {
      ...mirrored,
      lookups: [{ ...plain, outcome }],
      names: [resolverConfig([]), targetAddresses(LOCAL, "literal", null)],
      tcp: unconnected(failed("ECONNREFUSED")).map((event) =>
        event.kind === "tcp-started" ? { ...event, address: LOCAL } : event,
      ),
      udp: [],
      extra: [
        {
          kind: "policy-rules",
          rules: [{ family: 4, priority: 1, selector, table: "127" }],
        },
        ...listener,
      ],
    };
  };

  test("fires where a program listens and its packets go to Windows", () => {
    expect(causes(local("loopback0", true))).toEqual(["mirrored-local-policy-routing fault"]);
  });

  test("is an ordinary refusal where nobody listens, or the way stays inside", () => {
    expect(causes(local("loopback0", false))).toEqual(["port-refused fault"]);
    expect(causes(local("loopback0", null))).toEqual(["port-refused fault"]);
    expect(causes(local("lo", true))).toEqual(["port-refused fault"]);
  });

  test("fires where a rule takes TCP alone, which no look-up of a route meets", () => {
    const found = (selector: string) => causes(local("lo", true, `from all to ${selector}`));
    expect(found("127.0.0.2 ipproto tcp")).toEqual(["mirrored-local-policy-routing fault"]);
    expect(found("127.0.0.0/8 ipproto tcp")).toEqual(["mirrored-local-policy-routing fault"]);
    expect(found("127.0.0.2 ipproto udp")).toEqual(["port-refused fault"]);
    expect(found("127.0.0.1 ipproto tcp")).toEqual(["port-refused fault"]);
  });
});

describe("vpn-client-inside-wsl", () => {
  const tunnel = (device: string): RunOptions => {
    const plain = lookup({ ...BEHIND_NAT, gateway: null });
    const outcome =
      plain.outcome.kind === "route" ? { ...plain.outcome, interface: device } : plain.outcome;
    return { lookups: [{ ...plain, outcome }], ...dead };
  };
  const reply: ProbeOutcome = {
    kind: "reply",
    from: TARGET,
    with: "syn-ack",
    rttMs: 4,
    replyTtl: null,
  };
  const byEth0 = probeSent(reply, { protocol: "tcp", purpose: "control", device: "eth0" });

  test.each(["wg0", "tun0", "tailscale0"])("fires on %s, surely where eth0 passes", (device) => {
    expect(first(tunnel(device))).toMatchObject({
      cause: "vpn-client-inside-wsl",
      confidence: 0.5,
    });
    const udp = [...mute, byEth0];
    expect(first({ ...tunnel(device), udp })).toMatchObject({
      cause: "vpn-client-inside-wsl",
      confidence: 0.95,
    });
  });

  test("does not fire on plain Linux, behind answering routers, or where it works", () => {
    expect(causes({ ...tunnel("wg0"), vantage: vantage("linux") })).toEqual(UNEXPLAINED);
    const udp = [control(NO_REPLY), ...hops(ROUTERS, false)];
    expect(causes({ ...tunnel("wg0"), udp })).toEqual(["destination-down fault"]);
    expect(diagnosed({ ...tunnel("wg0"), tcp: passing("t1") }).verdict).toBe("inconclusive");
    expect(causes(tunnel("eth0"))).toEqual(UNEXPLAINED);
  });

  test("is not concluded from name servers alone, which may be dead themselves", () => {
    const half = { family: 4, gateway: null, interface: "wg0", metric: 0 } as const;
    const halves = ["0.0.0.0/1", "128.0.0.0/1"].map((prefix) => ({ ...half, prefix }));
    const extra: readonly EventBody[] = [{ kind: "routes", routes: halves }];
    const names = [resolverConfig(), dnsReply(RESOLVER, NO_DNS_REPLY)];
    const options = { names, lookups: [], tcp: [], udp: [], extra };
    expect(causes(options)).toEqual(["dns-server-unreachable fault"]);
  });
});

describe("conntrack-full", () => {
  const table = (count: number, max: number): EventBody => ({ kind: "conntrack", count, max });

  test("fires where no entry is free and nothing is answered", () => {
    const eperm = control({ kind: "send-failed", error: "EPERM" });
    const options = { tcp: unconnected(SILENT), udp: [eperm, ...mute], extra: [table(4096, 4096)] };
    expect(first(options)).toMatchObject({ cause: "conntrack-full", confidence: 0.98 });
    expect(causes({ ...dead, extra: [table(70_000, 65_536)] })).toEqual(["conntrack-full fault"]);
  });

  test("does not fire with room, with answers, or where it works", () => {
    expect(causes({ ...dead, extra: [table(4000, 4096)] })).toEqual(UNEXPLAINED);
    expect(causes({ tcp: unconnected(SILENT), extra: [table(4096, 4096)] })).toEqual([
      "port-filtered fault",
    ]);
    expect(diagnosed({ extra: [table(4096, 4096)] }).verdict).toBe("healthy");
    expect(causes({ ...dead, extra: [table(0, 0)] })).toEqual(UNEXPLAINED);
  });
});

describe("wsl1-unsupported-operation", () => {
  const skipped: EventBody = { kind: "probe-skipped", probe: "icmp", reason: "no such socket" };

  test("is a note in WSL1, and the verdict stays healthy", () => {
    const { verdict, findings } = diagnosed({
      vantage: vantage("wsl1"),
      guest: ON_HOST,
      extra: [skipped],
    });
    expect(verdict).toBe("healthy");
    expect(findings).toMatchObject([{ cause: "wsl1-unsupported-operation", severity: "note" }]);
  });

  test("is none elsewhere, nor where nothing is missing", () => {
    expect(diagnosed({ extra: [skipped] }).findings).toEqual([]);
    expect(diagnosed({ vantage: vantage("wsl1"), guest: ON_HOST }).findings).toEqual([]);
    const asWsl1 = { vantage: vantage("linux"), guest: ON_HOST, host: plainHost, extra: [skipped] };
    expect(diagnosed(asWsl1).findings).toEqual([]);
  });
});
