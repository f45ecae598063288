// The host's DNS proxy behind NAT: blocked by policy, stale rules, slow, over UDP alone.

import { describe, expect, test } from "vitest";
import type { EventBody } from "../../../../../src/schema/event.ts";
import type { DnsOutcome, DnsReply } from "../../../../../src/schema/events/dns-replies.ts";
import { causes, diagnosed, NOTHING_TRACED } from "../../../../builders/diagnosed.ts";
import { conf, hostSays, PROXY, says } from "../../../../builders/dns.ts";
import {
  answer,
  dnsReply,
  NO_DNS_REPLY,
  RESOLVER,
  TARGET,
  targetAddresses,
} from "../../../../builders/events.ts";
import { plainHost } from "../../../../builders/host.ts";
import { hostWith, type Rows } from "../../../host/example.ts";

const policy = (more: Rows) =>
  hostWith({
    "Get-NetFirewallProfile": [
      { Name: "Domain", Enabled: 1 },
      { Name: "Public", Enabled: 1, ...more },
    ],
  });

const silentProxy = [conf([PROXY]), ...says(PROXY, NO_DNS_REPLY)];
const othersAnswer = [...silentProxy, ...hostSays(RESOLVER, answer(TARGET))];

describe("dns-proxy-blocked-by-local-firewall", () => {
  test.each([{ AllowLocalFirewallRules: 0 }, { AllowInboundRules: "False" }])(
    "is the one fault where the Public profile says %j",
    (reported) => {
      const { findings } = diagnosed({
        host: policy(reported),
        names: othersAnswer,
        ...NOTHING_TRACED,
      });
      expect(findings.map(({ cause }) => cause)).toEqual(["dns-proxy-blocked-by-local-firewall"]);
      expect(findings[0]?.fixes.map(({ where }) => where)).toEqual(["windows", "windows-admin"]);
    },
  );

  test.each([
    {
      what: "the profile heeds local rules",
      host: policy({ AllowLocalFirewallRules: 1 }),
      names: othersAnswer,
    },
    {
      what: "the firewall is off",
      host: policy({ Enabled: 0, AllowLocalFirewallRules: 0 }),
      names: othersAnswer,
    },
    {
      what: "it could not be read",
      host: hostWith({ "Get-NetFirewallProfile": { error: "access denied" } }),
      names: othersAnswer,
    },
    {
      what: "nobody else answers",
      host: policy({ AllowLocalFirewallRules: 0 }),
      names: [...silentProxy, ...hostSays(RESOLVER, NO_DNS_REPLY)],
    },
    {
      what: "the silent server is no proxy of the host",
      host: policy({ AllowLocalFirewallRules: 0 }),
      names: [
        conf(["192.0.2.9"]),
        ...says("192.0.2.9", NO_DNS_REPLY),
        ...hostSays(RESOLVER, answer(TARGET)),
      ],
    },
  ])("is not blamed where $what", ({ host, names }) => {
    expect(causes({ host, names, ...NOTHING_TRACED })).toEqual(["dns-server-unreachable fault"]);
  });

  test("is not blamed for a proxy that says no", () => {
    const names = [
      conf([PROXY]),
      ...says(PROXY, { kind: "refused", from: null }),
      ...hostSays(RESOLVER, answer(TARGET)),
    ];
    const host = policy({ AllowLocalFirewallRules: 0 });
    expect(causes({ host, names, ...NOTHING_TRACED })).toEqual(["dns-server-refuses fault"]);
  });
});

describe("hns-dns-rule-stale", () => {
  const rule = (InterfaceAlias: string, more: Rows = {}) =>
    hostWith({
      "Get-NetFirewallRule": [
        {
          Name: "HNS Container Networking - DNS (UDP-In)",
          Enabled: 1,
          Protocol: "UDP",
          LocalPort: "53",
          InterfaceAlias,
          ...more,
        },
      ],
    });
  const own = "vEthernet (WSL (Hyper-V firewall))";

  test("is the one fault where the rule names another interface", () => {
    expect(
      causes({ host: rule("vEthernet (WSL)"), names: othersAnswer, ...NOTHING_TRACED }),
    ).toEqual(["hns-dns-rule-stale fault"]);
  });

  test.each([
    { what: "a rule names WSL's switch", host: rule(own) },
    { what: "a rule is for every interface", host: rule("Any") },
    { what: "the rules are about other ports", host: rule("Ethernet", { LocalPort: "67" }) },
    { what: "the rules were not read", host: plainHost },
  ])("is not blamed where $what", ({ host }) => {
    expect(causes({ host, names: othersAnswer, ...NOTHING_TRACED })).toEqual([
      "dns-server-unreachable fault",
    ]);
  });
});

describe("dns-proxy-udp-only", () => {
  const cut: DnsOutcome = { kind: "answer", rcode: "NOERROR", addresses: [], truncated: true };

  test.each([
    {
      what: "a fault where the answer needs TCP",
      over: cut,
      tcp: NO_DNS_REPLY,
      found: ["dns-proxy-udp-only fault"],
    },
    {
      what: "a note where it does not",
      over: answer(TARGET),
      tcp: NO_DNS_REPLY,
      found: ["dns-proxy-udp-only note"],
    },
    { what: "nothing where TCP is answered", over: answer(TARGET), tcp: answer(TARGET), found: [] },
    {
      what: "not it where TCP is refused",
      over: cut,
      tcp: { kind: "refused" as const, from: null },
      found: ["dns-tcp-blocked fault"],
    },
  ])("is $what", ({ over, tcp, found }) => {
    const works = over !== cut;
    const names = [
      conf([PROXY]),
      ...says(PROXY, over, {}, tcp),
      ...(works ? [targetAddresses(TARGET, "resolv.conf", PROXY)] : []),
    ];
    expect(causes({ host: plainHost, names, ...(works ? {} : NOTHING_TRACED) })).toEqual(found);
  });

  test("is not said of a router that is no Windows host", () => {
    const names = [conf([RESOLVER]), ...says(RESOLVER, cut, {}, NO_DNS_REPLY)];
    expect(causes({ host: plainHost, names, ...NOTHING_TRACED })).toEqual([
      "dns-tcp-blocked fault",
    ]);
  });
});

describe("dns-proxy-stalls", () => {
  const slowly = (rttMs: number, more: Partial<DnsReply> = {}) =>
    dnsReply(PROXY, answer(TARGET), { rttMs, sent: 3, ...more });
  const quick = hostSays(RESOLVER, answer(TARGET));
  const traced = [targetAddresses(TARGET, "resolv.conf", PROXY)];
  const judged = (own: readonly EventBody[], others: readonly EventBody[] = quick) =>
    causes({ host: plainHost, names: [conf([PROXY]), ...own, ...others, ...traced] });

  test("is a warning where both questions take seconds and another server is quick", () => {
    expect(judged([slowly(1600), slowly(1500, { type: "AAAA" })])).toEqual([
      "dns-proxy-stalls warning",
    ]);
  });

  test.each([
    {
      what: "one of the two is quick: a lost datagram",
      own: [slowly(1500), slowly(4, { type: "AAAA" })],
    },
    { what: "only one was answered", own: [slowly(1500)] },
  ])("is not blamed where $what", ({ own }) => {
    expect(judged(own)).toEqual([]);
  });

  test("is not blamed where the name is slow everywhere", () => {
    const slow = [dnsReply(RESOLVER, answer(TARGET), { origin: "adapter", rttMs: 1400, sent: 3 })];
    expect(judged([slowly(1600), slowly(1500, { type: "AAAA" })], slow)).toEqual([
      "dns-server-slow warning",
    ]);
  });
});
