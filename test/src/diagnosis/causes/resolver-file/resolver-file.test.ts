// What stands in resolv.conf and /etc/hosts: servers too late, crowded out, stale, a stub with nobody behind it, suffixes.

import { describe, expect, test } from "vitest";
import { diagnosisOf as diagnose } from "../../../../../src/report/diagnosis.ts";
import { NOTHING_TRACED } from "../../../../builders/diagnosed.ts";
import { byHand, conf, dnsCheck, hostSays, says } from "../../../../builders/dns.ts";
import {
  answer,
  dnsReply,
  lookup,
  NAME,
  NO_DNS_REPLY,
  ON_HOST,
  pathOf,
  RESOLVER,
  rcode,
  runStarted,
  TARGET,
  targetAddresses,
  vantage,
} from "../../../../builders/events.ts";
import { nrptRule } from "../../../../builders/host.ts";
import { type RunOptions, run } from "../../../../builders/runs.ts";
import { passing, unconnected } from "../../../../builders/tcp.ts";
import { adapter, address, plainHostWith, type Rows, VPN } from "../../../host/example.ts";

const VPN_DNS = "203.0.113.53";
const NXDOMAIN = rcode("NXDOMAIN");
const WSL1: RunOptions = { vantage: vantage("wsl1"), guest: ON_HOST, lookups: [lookup(ON_HOST)] };
const diagnosed = (options: RunOptions) => diagnose(pathOf(...run({ ...WSL1, ...options })));
const causes = (options: RunOptions) =>
  diagnosed(options).findings.map(({ cause, severity }) => `${cause} ${severity}`);

/** AnyConnect with a name server on its adapter, which Windows calls what `type` says. */
function anyConnect(type: number | null, more: Readonly<Record<string, readonly Rows[]>> = {}) {
  const words = { InterfaceDescription: "Cisco AnyConnect Virtual Miniport Adapter" };
  return plainHostWith({
    "Get-NetAdapter": [adapter("Ethernet 2", VPN, { ...words, InterfaceType: type })],
    "Get-NetIPAddress": [address(VPN, "203.0.113.130", 26)],
    "Get-DnsClientServerAddress": [
      { InterfaceIndex: VPN, AddressFamily: 2, ServerAddresses: [VPN_DNS] },
    ],
    ...more,
  });
}

describe("resolvconf-vpn-not-recognised", () => {
  const behind = [
    conf([RESOLVER, VPN_DNS]),
    ...says(RESOLVER, NXDOMAIN),
    ...says(VPN_DNS, answer(TARGET)),
    targetAddresses(TARGET, "resolv.conf", VPN_DNS),
  ];

  test("is a fault where the VPN's server stands behind one that denies the name", () => {
    const { findings } = diagnosed({ host: anyConnect(6), names: behind });
    expect(findings.map(({ cause }) => cause)).toEqual(["resolvconf-vpn-not-recognised"]);
    expect(findings[0]?.fixes[0]?.commands[0]).toContain(VPN_DNS);
    expect(findings[0]?.summary).toContain("type 6");
  });

  test("is a fault where the VPN's server is not in the file", () => {
    const names = [
      conf([RESOLVER]),
      ...says(RESOLVER, NXDOMAIN),
      ...hostSays(VPN_DNS, answer(TARGET)),
    ];
    expect(causes({ host: anyConnect(6), names })).toEqual(["resolvconf-vpn-not-recognised fault"]);
  });

  test("is a warning where the server before it is only silent", () => {
    const names = [conf([RESOLVER, VPN_DNS]), ...says(RESOLVER, NO_DNS_REPLY), ...behind.slice(4)];
    expect(causes({ host: anyConnect(6), names })).toEqual([
      "resolvconf-vpn-not-recognised warning",
    ]);
  });

  test.each([
    { what: "WSL knows the adapter's type", host: anyConnect(53), names: behind },
    {
      what: "the VPN's server denies the name too",
      host: anyConnect(6),
      names: [conf([RESOLVER, VPN_DNS]), ...says(RESOLVER, NXDOMAIN), ...says(VPN_DNS, NXDOMAIN)],
    },
    {
      what: "the file was written by hand",
      host: anyConnect(6),
      names: [byHand([RESOLVER, VPN_DNS]), ...behind.slice(1)],
    },
    { what: "no adapter is a VPN's", host: plainHostWith({}), names: behind },
  ])("is not blamed where $what", ({ host, names }) => {
    expect(causes({ host, names, ...NOTHING_TRACED })).toEqual(["dns-name-does-not-exist fault"]);
  });

  test("gives way to the NRPT, which has the same server", () => {
    const host = anyConnect(6, { "Get-DnsClientNrptPolicy": [nrptRule(".", VPN_DNS)] });
    const names = [
      conf([RESOLVER]),
      ...says(RESOLVER, NXDOMAIN),
      ...hostSays(VPN_DNS, answer(TARGET), "nrpt"),
    ];
    expect(causes({ host, names })).toEqual(["nrpt-only-vpn-dns fault"]);
  });

  test("is less sure with a snapshot of another hour", () => {
    const now = diagnosed({ host: anyConnect(6), names: behind }).findings[0]?.confidence ?? 0;
    const old = { ...anyConnect(6), collectedAt: "2026-11-22T03:00:00Z" };
    const [finding] = diagnosed({ host: old, names: behind }).findings;
    expect(finding?.confidence).toBeLessThan(now);
    expect(finding?.summary).toContain("the snapshot is 7 hours older than this run");
  });
});

describe("resolvconf-ipv6-crowds-out", () => {
  const full = ["fec0:0:0:ffff::1", "fec0:0:0:ffff::2", "fec0:0:0:ffff::3"];
  const silent = full.flatMap((server) => says(server, NO_DNS_REPLY));

  test("is a fault where made-up servers fill the file", () => {
    const names = [conf(full), ...silent, ...hostSays(VPN_DNS, answer(TARGET))];
    const { findings } = diagnosed({ host: anyConnect(6), names });
    expect(findings.map(({ cause }) => cause)).toEqual(["resolvconf-ipv6-crowds-out"]);
    expect(findings[0]?.summary).toContain("which Windows adds");
  });

  test.each([
    { what: "there is room for another", servers: full.slice(0, 2), other: answer(TARGET) },
    { what: "the other server does not know the name", servers: full, other: NXDOMAIN },
  ])("is not blamed where $what", ({ servers, other }) => {
    const names = [
      conf(servers),
      ...servers.flatMap((server) => says(server, NO_DNS_REPLY)),
      ...hostSays("192.0.2.9", other),
    ];
    const host = plainHostWith({});
    expect(causes({ host, names, ...NOTHING_TRACED })).toEqual(["dns-server-unreachable fault"]);
  });
});

describe("resolvconf-manual-stale", () => {
  const dns = {
    "Get-DnsClientServerAddress": [
      { InterfaceIndex: 9, AddressFamily: 2, ServerAddresses: [RESOLVER] },
    ],
  };
  const host = plainHostWith(dns);
  const old = "203.0.113.9";

  test("is a fault where Windows' server answers and the file's is nobody's", () => {
    const names = [
      byHand([old]),
      ...says(old, NO_DNS_REPLY),
      ...hostSays(RESOLVER, answer(TARGET)),
    ];
    const { findings } = diagnosed({ host, names });
    expect(findings.map(({ cause }) => cause)).toEqual(["resolvconf-manual-stale"]);
    expect(findings[0]?.fixes.at(-1)?.commands[0]).toContain("chattr -i");
  });

  test.each([
    { what: "WSL wrote the file", file: conf([old]), own: NO_DNS_REPLY, other: answer(TARGET) },
    {
      what: "Windows' server is silent too",
      file: byHand([old]),
      own: NO_DNS_REPLY,
      other: NO_DNS_REPLY,
    },
  ])("is not blamed where $what", ({ file, own, other }) => {
    const names = [file, ...says(old, own), ...hostSays(RESOLVER, other)];
    expect(causes({ host, names, ...NOTHING_TRACED })).toEqual(["dns-server-unreachable fault"]);
  });

  test.each([
    { what: "fails", outcome: rcode("SERVFAIL"), found: ["dns-server-fails fault"] },
    { what: "refuses", outcome: rcode("REFUSED"), found: ["dns-server-refuses fault"] },
    { what: "denies the name", outcome: NXDOMAIN, found: ["dns-name-does-not-exist fault"] },
  ])("is not blamed where the file's server is there and $what", ({ outcome, found }) => {
    const names = [byHand([old]), ...says(old, outcome), ...hostSays(RESOLVER, answer(TARGET))];
    expect(causes({ host, names, ...NOTHING_TRACED })).toEqual(found);
  });

  test("is not blamed where Windows uses the same server: then the way there is broken", () => {
    const names = [byHand([RESOLVER]), ...says(RESOLVER, NO_DNS_REPLY)];
    expect(causes({ host, names, ...NOTHING_TRACED })).toEqual(["dns-server-unreachable fault"]);
  });
});

describe("systemd-resolved-stub-without-upstream", () => {
  const STUB = "127.0.0.53";
  const upstream = (servers: readonly string[], problem: string | null = null) => ({
    kind: "resolver-upstream" as const,
    stub: STUB,
    path: "/run/systemd/resolve/resolv.conf",
    servers: [...servers],
    problem,
  });
  const file = { ...byHand([STUB]), variant: "systemd-stub" as const };
  const SERVFAIL = rcode("SERVFAIL");

  test("is a fault where the stub fails and has nobody to ask", () => {
    const names = [file, upstream([]), ...says(STUB, SERVFAIL)];
    expect(causes({ names, ...NOTHING_TRACED })).toEqual([
      "systemd-resolved-stub-without-upstream fault",
    ]);
  });

  test.each([
    { what: "it has servers, and fails (DNSSEC, say)", up: upstream([RESOLVER]), says: SERVFAIL },
    { what: "its servers could not be read", up: upstream([], "EACCES"), says: SERVFAIL },
    { what: "it resolves all the same (names of its own)", up: upstream([]), says: answer(TARGET) },
  ])("is not blamed where $what", ({ up, says: outcome }) => {
    const names = [file, up, ...says(STUB, outcome)];
    const found = outcome === SERVFAIL ? ["dns-server-fails fault"] : [];
    expect(causes({ names, ...NOTHING_TRACED })).toEqual(found);
  });
});

describe("dns-suffix-missing", () => {
  const host = plainHostWith({
    "Get-DnsClientGlobalSetting": [{ SuffixSearchList: ["corp.test"] }],
  });
  const started = runStarted({ input: "files", host: "files" });
  const found = (name: string, outcome = answer(TARGET)) =>
    dnsCheck(RESOLVER, "suffix", outcome, { name });
  const short = (...more: ReturnType<typeof found>[]) => {
    const events = run({
      ...WSL1,
      host,
      names: [conf([RESOLVER]), ...says(RESOLVER, NXDOMAIN, { name: "files" }), ...more],
      ...NOTHING_TRACED,
    });
    return diagnose(pathOf(started, ...events.slice(1)));
  };

  test("is a fault where the name resolves with Windows' domain", () => {
    const { findings } = short(found("files.corp.test"));
    expect(findings.map(({ cause }) => cause)).toEqual(["dns-suffix-missing"]);
    expect(findings[0]?.fixes[0]?.commands[0]).toBe(
      "echo 'search corp.test' | sudo tee -a /etc/resolv.conf",
    );
  });

  test("is not blamed where the longer name does not exist either", () => {
    const { findings } = short(found("files.corp.test", NXDOMAIN));
    expect(findings.map(({ cause }) => cause)).toEqual(["dns-name-does-not-exist"]);
  });

  test("is not blamed for a name with a dot, or without a list of Windows", () => {
    const names = [conf([RESOLVER]), ...says(RESOLVER, NXDOMAIN)];
    expect(causes({ host, names, ...NOTHING_TRACED })).toEqual(["dns-name-does-not-exist fault"]);
    expect(causes({ names, ...NOTHING_TRACED })).toEqual(["dns-name-does-not-exist fault"]);
  });
});

describe("hosts-file-override", () => {
  const OLD = "203.0.113.7";
  const line = (to: string) => [
    conf([RESOLVER]),
    dnsReply("/etc/hosts", answer(to), { origin: "hosts-file", transport: "file", rttMs: null }),
    targetAddresses(to, "hosts-file", null),
  ];
  const silent = unconnected({
    kind: "failed",
    code: "ECONNREFUSED",
    detail: "connection refused",
  });

  test("is the one fault where the file's address fails and the servers have another", () => {
    const names = [...line(OLD), ...says(RESOLVER, answer(TARGET))];
    const { findings } = diagnosed({ names, tcp: silent, udp: [] });
    expect(findings.map(({ cause, severity }) => `${cause} ${severity}`)).toEqual([
      "hosts-file-override fault",
    ]);
    expect(findings[0]?.summary).toContain(`/etc/hosts gives ${OLD} for ${NAME}`);
  });

  test("is a note where the line works", () => {
    const names = [...line(OLD), ...says(RESOLVER, answer(TARGET))];
    const { verdict, findings } = diagnosed({ names, tcp: passing("t1") });
    expect([verdict, findings.map(({ cause }) => cause)]).toEqual([
      "healthy",
      ["hosts-file-override"],
    ]);
  });

  test.each([
    { what: "the servers have the same address", outcome: answer(TARGET) },
    { what: "the servers do not know the name", outcome: NXDOMAIN },
    { what: "the servers are silent", outcome: NO_DNS_REPLY },
  ])("is not blamed where $what", ({ outcome }) => {
    const names = [...line(TARGET), ...says(RESOLVER, outcome)];
    expect(causes({ names, tcp: silent, udp: [] })).toEqual(["port-refused fault"]);
  });
});
