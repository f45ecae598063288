// What misleads the tool itself (catalogue, section K): each is seen, and none of it becomes a fault.

import { describe, expect, test } from "vitest";
import type { Path } from "../../../src/model/path.ts";
import { diagnosisOf as diagnose } from "../../../src/report/diagnosis.ts";
import type { HostSnapshot } from "../../../src/schema/host-snapshot.ts";
import {
  answer,
  dnsReply,
  lookup,
  ON_HOST,
  pathOf,
  RESOLVER,
  resolverConfig,
  TARGET,
  targetAddresses,
  vantage,
} from "../../builders/events.ts";
import { nrptRule, plainHost, vpnHost } from "../../builders/host.ts";
import { control, hops, NO_REPLY, probeSent } from "../../builders/probes.ts";
import { type RunOptions, run, vpnBlackhole } from "../../builders/runs.ts";
import { hanging, NO_REPLY as SILENT, sweep, unconnected } from "../../builders/tcp.ts";

const diagnosed = (options: RunOptions) => diagnose(pathOf(...run(options)));
const causes = (path: Path) => diagnose(path).findings.map(({ cause }) => cause);

/** The host's snapshot with some sources replaced: an error, an empty list, or left out. */
function hostWith(base: HostSnapshot, changed: Readonly<Record<string, unknown>>): HostSnapshot {
  const sources = Object.fromEntries(
    Object.entries({ ...base.sources, ...changed }).filter(([, rows]) => rows !== undefined),
  );
  return { ...base, sources };
}

describe("consomme-no-icmp", () => {
  const mode = { vantage: vantage("wsl2", "consomme") };
  const mute = [control(NO_REPLY), ...hops([null, null, null, null, null], false)];

  test("silence to ping and traceroute beside TCP that works is a note", () => {
    const { verdict, findings } = diagnosed({ ...mode, udp: mute });
    // Nothing shows what passes outbound in full size.
    expect(verdict).toBe("inconclusive");
    expect(findings).toMatchObject([{ cause: "icmp-filtered", severity: "note", segment: "nat" }]);
  });

  test("beside TCP that does not, silence names nobody: a fault that no special cause fits", () => {
    const { verdict, findings } = diagnosed({ ...mode, udp: mute, tcp: unconnected(SILENT) });
    expect(verdict).toBe("fault");
    expect(findings).toMatchObject([{ cause: "attempt-failed", segment: null, between: null }]);
  });

  test("a reset at TTL 1, which the user-mode NAT gives for the target, has no place", () => {
    const reset = { kind: "reply", from: TARGET, with: "reset", rttMs: 1, replyTtl: null } as const;
    const syns = [1, 1, 1].map((ttl) => probeSent(reset, { protocol: "tcp", ttl }));
    const refused = { kind: "failed", code: "ECONNREFUSED", detail: "by hand" } as const;
    const { findings } = diagnosed({ ...mode, udp: [...mute, ...syns], tcp: unconnected(refused) });
    expect(findings).toMatchObject([{ cause: "port-refused", segment: "destination" }]);
    expect(findings[0]?.confidence).toBeLessThan(0.8);
  });
});

describe("wsl1-mtu-cosmetic", () => {
  test("1500 everywhere in WSL1 does not hide the limit of Windows' adapter, nor is it one", () => {
    const wsl1 = { vantage: vantage("wsl1"), guest: ON_HOST, host: vpnHost({ nlMtu: 1400 }) };
    expect(diagnosed(wsl1).findings).toEqual([]);
    const tcp = [...hanging("t1"), ...sweep(1400, [1400, 1401])];
    const { findings } = diagnosed({ ...wsl1, tcp });
    expect(findings[0]?.cause).toBe("vpn-mtu-inbound-blackhole");
    // A change of the distro's own link would do nothing there.
    expect(findings[0]?.fixes.map(({ where }) => where)).not.toContain("linux");
  });
});

describe("nrpt-policy-blank", () => {
  const failing = [
    resolverConfig(),
    dnsReply(RESOLVER, { kind: "no-reply", waitedMs: 2000 }),
    dnsReply("203.0.113.53", answer(TARGET), { origin: "nrpt" }),
    targetAddresses(TARGET, "nrpt", "203.0.113.53"),
  ];

  test("an empty policy beside rules is no empty NRPT", () => {
    const host = hostWith(vpnHost(), {
      "Get-DnsClientNrptPolicy": [],
      "Get-DnsClientNrptRule": [nrptRule(".", "203.0.113.53")],
    });
    expect(causes(pathOf(...run({ host, names: failing })))[0]).toBe("nrpt-only-vpn-dns");
  });

  test("one that could not be read proves nothing either way", () => {
    const host = hostWith(vpnHost(), {
      "Get-DnsClientNrptPolicy": { error: "access denied" },
      "Get-DnsClientNrptRule": { error: "access denied" },
    });
    const { findings, notChecked } = diagnose(pathOf(...run({ host, names: failing })));
    expect(findings[0]?.cause).toBe("dns-server-unreachable");
    expect(notChecked.map(({ cause }) => cause)).toContain("nrpt-only-vpn-dns");
  });
});

describe("vpn-invisible", () => {
  test("an empty Get-VpnConnection does not hide a VPN that the routes show", () => {
    const host = hostWith(vpnHost(), {
      "Get-VpnConnection": [],
      "Get-NetAdapter": [
        ...[plainHost.sources["Get-NetAdapter"]].flat(),
        {
          Name: "Example Corp",
          ifIndex: 62,
          Status: "Up",
          InterfaceType: 6,
          MtuSize: 1400,
          InterfaceDescription: "Cisco AnyConnect Secure Mobility Client Virtual Miniport Adapter",
        },
      ],
    });
    expect(causes(pathOf(...vpnBlackhole(1400, host)))[0]).toBe("vpn-mtu-inbound-blackhole");
  });
});

describe("admin-missing and interop-dead", () => {
  test("sources that need an administrator may fail without changing a verdict", () => {
    const denied = { error: "access denied" };
    const host = hostWith(vpnHost(), {
      "Get-HnsNetwork": denied,
      "Get-NetFirewallProfile": denied,
    });
    expect(diagnosed({ host }).verdict).toBe("healthy");
    expect(causes(pathOf(...vpnBlackhole(1400, host)))[0]).toBe("vpn-mtu-inbound-blackhole");
  });

  test("no Windows evidence at all widens the cause and is said", () => {
    const path = pathOf(...vpnBlackhole(1400, null));
    const { findings, notChecked } = diagnose(path);
    expect(findings[0]?.cause).toBe("pmtu-inbound-blackhole");
    const reported = notChecked.find(({ cause }) => cause === "vpn-mtu-inbound-blackhole");
    expect(reported?.reason).toContain("no Windows evidence");
  });

  test("a snapshot of another machine proves nothing here", () => {
    const stranger = { address: "10.44.0.9", prefixLength: 24, gateway: "10.44.0.1", mtu: 1500 };
    const tcp = [...hanging("t1"), ...sweep(1400, [1400, 1401])];
    const options = { host: vpnHost(), guest: stranger, lookups: [lookup(stranger)], tcp };
    expect(diagnosed({ ...options, vantage: vantage("linux") }).findings[0]?.cause).toBe(
      "pmtu-inbound-blackhole",
    );
  });
});

test("docker-desktop-own-dns: names are judged by the distro's own resolver, whatever others say", () => {
  const names = [
    resolverConfig(),
    dnsReply(RESOLVER, answer(TARGET)),
    dnsReply("203.0.113.53", { kind: "no-reply", waitedMs: 2000 }, { origin: "adapter" }),
    targetAddresses(),
  ];
  expect(diagnosed({ names })).toMatchObject({ verdict: "healthy", findings: [] });
});
