// The resolver rules: NRPT, silent and refusing servers, names that do not exist, no resolv.conf.

import { describe, expect, test } from "vitest";
import { diagnosisOf as diagnose } from "../../../../../src/report/diagnosis.ts";
import type { EventBody } from "../../../../../src/schema/event.ts";
import type { DnsOutcome } from "../../../../../src/schema/events/dns-replies.ts";
import {
  answer,
  dnsReply,
  hostSnapshot,
  lookup,
  NO_DNS_REPLY,
  ON_HOST,
  pathOf,
  RESOLVER,
  rcode,
  resolverConfig,
  TARGET,
  targetAddresses,
  vantage,
} from "../../../../builders/events.ts";
import { NRPT_SERVER, nrptRule, plainHost, vpnHost } from "../../../../builders/host.ts";
import { RESOLVED, type RunOptions, run } from "../../../../builders/runs.ts";
import { passing } from "../../../../builders/tcp.ts";

const WSL1: RunOptions = { vantage: vantage("wsl1"), guest: ON_HOST, lookups: [lookup(ON_HOST)] };
const diagnosed = (options: RunOptions) => diagnose(pathOf(...run({ ...WSL1, ...options })));
const causes = (options: RunOptions) => diagnosed(options).findings.map(({ cause }) => cause);

const REFUSED: DnsOutcome = { kind: "refused", from: null };
const UNREACHABLE: DnsOutcome = { kind: "unreachable", error: "ENETUNREACH", from: null };

/** Every question of resolv.conf's server comes out like this. */
function configured(outcome: DnsOutcome, server = RESOLVER): readonly EventBody[] {
  return [
    dnsReply(server, outcome),
    dnsReply(server, outcome, { type: "AAAA" }),
    dnsReply(server, outcome, { transport: "tcp" }),
  ];
}

/** What the server of Windows' NRPT says, asked from the distro. */
const fromNrpt = (outcome: DnsOutcome) => dnsReply(NRPT_SERVER, outcome, { origin: "nrpt" });
const foundByNrpt = [
  fromNrpt(answer(TARGET)),
  targetAddresses(TARGET, "nrpt", NRPT_SERVER),
] as const;

const everyName = vpnHost({ nrpt: [nrptRule(".", NRPT_SERVER)] });

describe("nrpt-only-vpn-dns", () => {
  test.each([
    { what: "are silent", outcome: NO_DNS_REPLY },
    { what: "refuse by ICMP or RST", outcome: REFUSED },
    { what: "refuse by rcode", outcome: rcode("REFUSED") },
    { what: "say that the name does not exist", outcome: rcode("NXDOMAIN") },
    { what: "have no address for it", outcome: answer() },
    { what: "fail", outcome: rcode("SERVFAIL") },
    { what: "cannot be reached", outcome: UNREACHABLE },
  ])("is the one fault when the distro's servers $what and the NRPT's answers", ({ outcome }) => {
    const names = [resolverConfig(), ...configured(outcome), ...foundByNrpt];
    const { verdict, findings, stages } = diagnosed({ host: everyName, names });
    expect(verdict).toBe("fault");
    expect(findings.map(({ cause }) => cause)).toEqual(["nrpt-only-vpn-dns"]);
    expect(findings[0]).toMatchObject({ severity: "fault", segment: "resolver" });
    expect(findings[0]?.fixes[0]?.commands[0]).toBe(
      `printf 'nameserver ${NRPT_SERVER}\\n' | sudo tee /etc/resolv.conf`,
    );
    expect(stages[0]).toMatchObject({ stage: "resolve", status: "failed" });
  });

  test("is a fault too when resolv.conf names no server at all", () => {
    const names = [resolverConfig([]), ...foundByNrpt];
    expect(causes({ host: everyName, names })).toContain("nrpt-only-vpn-dns");
  });

  test("counts a suffix rule that covers the name, and no other", () => {
    const names = [resolverConfig(), ...configured(NO_DNS_REPLY), ...foundByNrpt];
    const rule = (namespace: string) => vpnHost({ nrpt: [nrptRule(namespace, NRPT_SERVER)] });
    expect(causes({ host: rule(".example.test"), names })).toEqual(["nrpt-only-vpn-dns"]);
    expect(causes({ host: rule("www.example.test"), names })).toEqual(["nrpt-only-vpn-dns"]);
    expect(causes({ host: rule(".corp.test"), names })).toEqual(["dns-server-unreachable"]);
  });

  test("heeds an exemption: a rule without servers for this name outweighs the general one", () => {
    const host = vpnHost({ nrpt: [nrptRule(".", NRPT_SERVER), nrptRule(".example.test")] });
    const names = [resolverConfig(), ...configured(NO_DNS_REPLY), ...foundByNrpt];
    const { findings } = diagnosed({ host, names });
    expect(findings.map(({ cause }) => cause)).toEqual(["dns-server-unreachable"]);
    expect(findings[0]?.ruledOut.map(({ cause }) => cause)).toContain("nrpt-only-vpn-dns");
  });

  test.each([
    { what: "do not answer either", replies: [fromNrpt(NO_DNS_REPLY)] },
    { what: "do not know the name either", replies: [fromNrpt(rcode("NXDOMAIN"))] },
    { what: "were not asked", replies: [] },
  ])("is rejected when the NRPT's servers $what", ({ replies }) => {
    const names = [resolverConfig(), ...configured(NO_DNS_REPLY), ...replies];
    const { findings } = diagnosed({ host: everyName, names, tcp: [], udp: [], lookups: [] });
    expect(findings.map(({ cause }) => cause)).toEqual(["dns-server-unreachable"]);
  });

  test("is rejected when the distro's own server resolves, whatever the NRPT holds", () => {
    const names = [...RESOLVED, fromNrpt(answer("203.0.113.81"))];
    expect(diagnosed({ host: everyName, names })).toMatchObject({ verdict: "healthy" });
  });

  test("is not checked without a snapshot or with an unreadable NRPT", () => {
    const names = [resolverConfig(), ...configured(NO_DNS_REPLY)];
    const unread = plainHost.sources;
    const host = {
      ...plainHost,
      sources: { ...unread, "Get-DnsClientNrptPolicy": { error: "access denied" } },
    };
    for (const given of [null, plainHost, host]) {
      const { notChecked, findings } = diagnosed({ host: given, names, tcp: [], udp: [] });
      expect(notChecked.map(({ cause }) => cause)).toContain("nrpt-only-vpn-dns");
      expect(findings.map(({ cause }) => cause)).toEqual(["dns-server-unreachable"]);
    }
  });

  test("lists no more servers in the fix than glibc reads", () => {
    const servers = [1, 2, 3, 4].map((n) => `203.0.113.5${n}`);
    const host = vpnHost({ nrpt: [nrptRule(".", ...servers)] });
    const replies = servers.map((server) => dnsReply(server, answer(TARGET), { origin: "nrpt" }));
    const names = [resolverConfig(), ...configured(NO_DNS_REPLY), ...replies];
    const command = diagnosed({ host, names }).findings[0]?.fixes[0]?.commands[0] ?? "";
    expect(command.match(/nameserver/g)).toHaveLength(3);
  });
});

describe("servers of resolv.conf", () => {
  const SECOND = "192.0.2.2";
  const two = (first: DnsOutcome, second: DnsOutcome): readonly EventBody[] => [
    resolverConfig([RESOLVER, SECOND]),
    ...configured(first),
    ...configured(second, SECOND),
    targetAddresses(),
  ];
  const nothing = { tcp: [], udp: [], lookups: [] };

  test("that are all silent are unreachable", () => {
    const { findings, verdict } = diagnosed({ names: two(NO_DNS_REPLY, UNREACHABLE), ...nothing });
    expect(verdict).toBe("fault");
    expect(findings[0]).toMatchObject({ cause: "dns-server-unreachable", severity: "fault" });
    expect(findings[0]?.summary).toContain(SECOND);
  });

  test("silent in front of one that answers are a warning, behind it nothing", () => {
    const front = diagnosed({ names: two(NO_DNS_REPLY, answer(TARGET)) });
    expect(front.verdict).toBe("degraded");
    expect(front.findings[0]).toMatchObject({
      cause: "dns-server-unreachable",
      severity: "warning",
    });
    expect(diagnosed({ names: two(answer(TARGET), NO_DNS_REPLY) })).toMatchObject({
      verdict: "healthy",
    });
  });

  test("that refuse are a fault alone, and nothing beside one that answers", () => {
    expect(causes({ names: two(rcode("REFUSED"), REFUSED), ...nothing })).toEqual([
      "dns-server-refuses",
    ]);
    expect(diagnosed({ names: two(REFUSED, answer(TARGET)) })).toMatchObject({
      verdict: "healthy",
    });
  });

  test("that deny the name decide, though another has it: a program stops there", () => {
    const { findings } = diagnosed({ names: two(rcode("NXDOMAIN"), answer(TARGET)), ...nothing });
    expect(findings[0]).toMatchObject({ cause: "dns-name-does-not-exist" });
    expect(causes({ names: two(answer(TARGET), rcode("NXDOMAIN")) })).toEqual([]);
  });

  test("are judged in the order of resolv.conf, not in that of their answers", () => {
    const names = [
      resolverConfig([RESOLVER, SECOND]),
      ...configured(rcode("NXDOMAIN"), SECOND),
      ...configured(answer(TARGET)),
      targetAddresses(),
    ];
    expect(diagnosed({ names })).toMatchObject({ verdict: "healthy" });
  });

  test("that answer one family only resolve the name", () => {
    const names = [
      resolverConfig(),
      dnsReply(RESOLVER, rcode("NXDOMAIN")),
      dnsReply(RESOLVER, answer("2001:db8::80"), { type: "AAAA" }),
      targetAddresses(),
    ];
    expect(causes({ names })).toEqual([]);
  });
});

describe("a name that does not exist", () => {
  test("is sure without other word, and less sure when Windows has it", () => {
    const names = [resolverConfig(), ...configured(rcode("NXDOMAIN"))];
    const sure = diagnosed({ names, tcp: [], udp: [] }).findings[0];
    const windows = [{ name: "www.example.test", addresses: [TARGET], servers: [], error: null }];
    const host = vpnHost({ more: { resolve: windows } });
    const unsure = diagnosed({ names, host, tcp: [], udp: [] }).findings[0];
    expect(sure).toMatchObject({ cause: "dns-name-does-not-exist", confidence: 0.98 });
    expect(unsure).toMatchObject({ cause: "dns-name-does-not-exist", confidence: 0.8 });
  });
});

describe("resolv.conf", () => {
  test("that dangles is the fault, and no server is blamed for it", () => {
    const gone = resolverConfig([], "a link to ../run/resolv.conf, which is not there");
    const { findings } = diagnosed({ names: [gone], tcp: [], udp: [], lookups: [] });
    expect(findings.map(({ cause }) => cause)).toEqual(["resolvconf-missing-or-dangling"]);
    expect(findings[0]?.summary).toContain("which is not there");
  });

  test("that names no server is no fault for an address or a name of the hosts file", () => {
    const literal = [resolverConfig([]), targetAddresses(TARGET, "literal", null)];
    const hosts = dnsReply("/etc/hosts", answer(TARGET), {
      origin: "hosts-file",
      transport: "file",
    });
    const fromFile = [resolverConfig([]), hosts, targetAddresses(TARGET, "hosts-file", null)];
    for (const names of [literal, fromFile]) {
      expect(diagnosed({ names, tcp: passing("t1") })).toMatchObject({ verdict: "healthy" });
    }
  });

  test("that was not read is not judged", () => {
    const { notChecked } = diagnose(pathOf(hostSnapshot(null)));
    expect(notChecked.map(({ cause }) => cause)).toContain("resolvconf-missing-or-dangling");
  });
});
