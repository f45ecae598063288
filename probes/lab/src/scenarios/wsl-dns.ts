// Names as WSL gets them: the host's DNS proxy, the DNS tunnel, and how resolv.conf is made.

import { HOST_ON_SWITCH, LAN_ROUTER, SERVER, VPN_DNS } from "../topology/addresses.ts";
import { LAN_ALIAS, SWITCH_ALIAS, TUNNEL_MTU, VPN_ALIAS } from "../topology/names.ts";
import { wslTopology } from "../topology/wsl-topology.ts";
import {
  COMPANY_DNS,
  DISTRO,
  fault,
  filter,
  HEALTHY,
  noted,
  ROUTER_DNS,
  SWITCH_PROXY,
  TARGET,
  wsl2,
  wsl2Vpn,
  ZONE,
} from "./building-blocks.ts";
import { DNS_TUNNEL, TUNNEL_DNS } from "./healthy.ts";
import type { Resolver, Scenario } from "./scenario.ts";

const NO_DNS = filter(
  "host",
  "input",
  'iifname "vswitch0" meta l4proto { tcp, udp } th dport 53 drop',
);
const NO_DNS_OVER_TCP = filter("host", "input", 'iifname "vswitch0" tcp dport 53 drop');
const PUBLIC = { Name: "Public", Enabled: 1 };
const hnsRule = (alias: string) => ({
  "Get-NetFirewallRule": [
    { Name: "HNS DNS", Protocol: "UDP", LocalPort: 53, InterfaceAlias: alias },
  ],
});

/** The distro queries WSL's tunnel, which is the resolver of that kind. */
const tunnel = (resolver: Partial<Resolver> = {}) => ({
  faults: [DNS_TUNNEL],
  resolvers: [
    { at: "guest" as const, addresses: [TUNNEL_DNS], behaviour: "answer" as const, ...resolver },
    ROUTER_DNS,
  ],
  resolvConf: [TUNNEL_DNS],
});

/** What a client answers instead of the true address, and rewrites when packets leave Windows. */
const SYNTHETIC = "198.18.0.9";
const COMPANY_NAME = "git.corp.test";
const company = wslTopology({ wsl: 2, tunnelMtu: TUNNEL_MTU });
/** A client that looks like Ethernet to Windows. */
const ANYCONNECT = {
  ...company,
  adapters: company.adapters.map((adapter) =>
    adapter.alias === VPN_ALIAS
      ? {
          ...adapter,
          interfaceType: 6,
          description: "Cisco AnyConnect Virtual Miniport Adapter",
          vpn: null,
        }
      : adapter,
  ),
};

export const WSL_NAME_SCENARIOS: readonly Scenario[] = [
  wsl2({
    name: "dns-proxy-blocked",
    title: "A policy keeps WSL's own firewall rule from counting: the DNS proxy is closed",
    sees: "no name resolves in the distro, addresses work",
    faults: [NO_DNS],
    windowsReports: { "Get-NetFirewallProfile": [{ ...PUBLIC, AllowLocalFirewallRules: 0 }] },
    negativeFor: ["hns-dns-rule-stale", "gateway-unreachable"],
    expected: fault("dns-proxy-blocked-by-local-firewall", "resolver"),
  }),
  wsl2({
    name: "dns-proxy-rule-stale",
    title: "The firewall rule for the DNS proxy names an interface that is gone",
    sees: "no name resolves in the distro since an update",
    faults: [NO_DNS],
    windowsReports: {
      "Get-NetFirewallProfile": [{ ...PUBLIC, AllowLocalFirewallRules: 1 }],
      ...hnsRule("vEthernet (old)"),
    },
    negativeFor: ["dns-proxy-blocked-by-local-firewall"],
    expected: fault("hns-dns-rule-stale", "resolver"),
  }),
  wsl2({
    name: "dns-proxy-silent",
    title: "The DNS proxy is silent, and neither a policy nor a rule explains it",
    sees: "no name resolves in the distro",
    faults: [NO_DNS],
    windowsReports: {
      "Get-NetFirewallProfile": [{ ...PUBLIC, AllowLocalFirewallRules: 1 }],
      ...hnsRule(SWITCH_ALIAS),
    },
    negativeFor: [
      "dns-proxy-blocked-by-local-firewall",
      "hns-dns-rule-stale",
      "resolvconf-manual-stale",
    ],
    expected: fault("dns-server-unreachable", "resolver"),
  }),
  wsl2Vpn({
    name: "dns-proxy-filtered-by-vpn",
    title: "The VPN's own filter drops DNS from the distro to Windows, and forwarding works",
    sees: "no name resolves in the distro while the VPN is up",
    faults: [NO_DNS],
    windowsReports: { "Get-NetFirewallProfile": [{ ...PUBLIC, AllowLocalFirewallRules: 1 }] },
    negativeFor: ["dns-proxy-blocked-by-local-firewall", "nrpt-only-vpn-dns"],
    expected: fault("dns-server-unreachable", "resolver"),
  }),
  wsl2({
    name: "dns-proxy-udp-only",
    title: "The DNS proxy is open over UDP alone, and the answer is long",
    sees: "most names resolve, some do not",
    resolvers: [{ ...SWITCH_PROXY, quirks: { moreRecords: 100 } }, ROUTER_DNS],
    faults: [NO_DNS_OVER_TCP],
    negativeFor: ["dns-tcp-blocked", "dns-large-answer-lost"],
    expected: fault("dns-proxy-udp-only", "resolver"),
  }),
  wsl2({
    name: "dns-proxy-udp-enough",
    title: "The DNS proxy is open over UDP alone, and short answers fit: a note",
    sees: "everything works",
    faults: [NO_DNS_OVER_TCP],
    negativeFor: ["dns-tcp-blocked", "dns-server-unreachable"],
    expected: noted("dns-proxy-udp-only"),
  }),
  wsl2({
    name: "dns-proxy-stalls",
    title: "The DNS proxy takes more than a second, the server behind it is quick",
    sees: "every page starts late",
    resolvers: [{ ...SWITCH_PROXY, quirks: { delayMs: 1300 } }, ROUTER_DNS],
    negativeFor: ["dns-v6-query-delay", "dns-server-unreachable"],
    expected: {
      ...fault("dns-proxy-stalls", "resolver"),
      verdict: "degraded",
      asUser: { causes: ["dns-server-slow"] },
    },
  }),
  wsl2({
    name: "dns-all-slow",
    title: "Every name server takes more than a second, not the proxy alone: no fault of it",
    sees: "every page starts late, in Windows too",
    resolvers: [
      { ...SWITCH_PROXY, quirks: { delayMs: 1300 } },
      { ...ROUTER_DNS, quirks: { delayMs: 1300 } },
    ],
    negativeFor: ["dns-proxy-stalls", "dns-v6-query-delay"],
    expected: { ...fault("dns-server-slow", "resolver"), verdict: "degraded" },
  }),
  wsl2({
    name: "dns-tunnel-refused",
    title: "DNS tunnelling is configured on a Windows that has none: a note",
    sees: "everything works, without the tunnel",
    windowsReports: {
      wslconfig: "[wsl2]\ndnsTunneling=true\n",
      wsl: { windows: "10.0.19045.5" },
    },
    expected: noted("dns-tunneling-off-or-unsupported"),
  }),
  wsl2({
    name: "dns-tunnel-strict",
    title: "WSL's DNS tunnel fails queries with an EDNS record",
    sees: "dig fails, getent works",
    ...tunnel({ quirks: { edns: "fails" } }),
    command: "dns",
    negativeFor: ["dns-large-answer-lost", "systemd-resolved-stub-without-upstream"],
    expected: { ...fault("dns-tunneling-strict-edns", "resolver"), verdict: "degraded" },
  }),
  wsl2({
    name: "dns-tunnel-strict-and-works",
    title: "The same tunnel in a trace: the C library sends no such record, a note",
    sees: "everything works, but for dig",
    ...tunnel({ quirks: { edns: "fails" } }),
    negativeFor: ["dns-edns-dropped", "dns-server-fails"],
    expected: noted("dns-tunneling-strict-edns"),
  }),
  wsl2({
    name: "dns-tunnel-synthetic",
    title: "A client gives made-up addresses, which only Windows' programs reach",
    sees: "names resolve, connections time out in the distro alone",
    ...tunnel({ zone: { [TARGET]: [SYNTHETIC] } }),
    faults: [DNS_TUNNEL, filter("host", "forward", `ip daddr ${SYNTHETIC} drop`)],
    windowsReports: {
      resolve: [{ name: TARGET, addresses: [SYNTHETIC], servers: [], ms: 3, error: null }],
      reach: [{ address: SYNTHETIC, port: 443, ok: true, ms: 5, error: null }],
    },
    negativeFor: ["destination-down", "dns-answer-forged", "host-forwarding-blocked"],
    expected: fault("dns-tunneling-vpn-conflict", "resolver"),
  }),
  wsl2({
    name: "dns-tunnel-local-name",
    title: "WSL's DNS tunnel leaves .local names without an answer",
    sees: "nas.local takes ten seconds and fails",
    ...tunnel({ quirks: { silent: ["nas.local"] } }),
    target: "nas.local",
    negativeFor: ["dns-server-unreachable", "dns-name-does-not-exist"],
    expected: fault("dns-tunneling-local-delay", "resolver"),
  }),
  wsl2({
    name: "dns-tunnel-dead",
    title: "WSL's DNS tunnel answers nothing at all, .local or not",
    sees: "no name resolves in the distro",
    ...tunnel({ behaviour: "silent" }),
    target: "nas.local",
    negativeFor: ["dns-tunneling-local-delay", "dns-tunneling-vpn-conflict"],
    expected: fault("dns-server-unreachable", "resolver"),
  }),
  wsl2({
    name: "suffix-missing",
    title: "Windows appends a domain to short names, and the distro does not",
    sees: "a short name resolves in Windows alone",
    target: "wiki",
    zone: { ...ZONE, "wiki.corp.test": [SERVER.v4] },
    windowsReports: { "Get-DnsClientGlobalSetting": { SuffixSearchList: ["corp.test"] } },
    negativeFor: ["dns-name-does-not-exist", "resolvconf-vpn-not-recognised"],
    expected: fault("dns-suffix-missing", "resolver"),
  }),
  wsl2({
    name: "suffix-there",
    title: "The same domain stands in resolv.conf: no fault",
    sees: "everything works",
    target: "wiki",
    zone: { ...ZONE, "wiki.corp.test": [SERVER.v4] },
    windowsReports: { "Get-DnsClientGlobalSetting": { SuffixSearchList: ["corp.test"] } },
    distro: { ...DISTRO, search: ["corp.test"] },
    negativeFor: ["dns-suffix-missing"],
    expected: HEALTHY,
  }),
  wsl2({
    name: "resolvconf-of-the-office",
    title: "resolv.conf was written by hand for the company's network, and this is home",
    sees: "no name resolves in the distro",
    resolvConf: [VPN_DNS.v4],
    distro: { ...DISTRO, generatedByWsl: false },
    negativeFor: [
      "resolvconf-missing-or-dangling",
      "nrpt-only-vpn-dns",
      "dns-proxy-blocked-by-local-firewall",
    ],
    expected: fault("resolvconf-manual-stale", "resolver"),
  }),
  wsl2Vpn({
    name: "resolvconf-ipv6-first",
    title: "Windows' made-up IPv6 servers fill resolv.conf, and the VPN's is left out",
    sees: "no name resolves in the distro",
    resolvConf: ["fec0:0:0:ffff::1", "fec0:0:0:ffff::2", "fec0:0:0:ffff::3"],
    negativeFor: ["nrpt-only-vpn-dns", "resolvconf-vpn-not-recognised", "resolvconf-manual-stale"],
    expected: fault("resolvconf-ipv6-crowds-out", "resolver"),
  }),
  wsl2({
    name: "resolvconf-ipv6-and-right",
    title: "IPv6 servers stand in resolv.conf beside the right one, and answer: no fault",
    sees: "everything works",
    resolvConf: [HOST_ON_SWITCH.v6, HOST_ON_SWITCH.v4],
    negativeFor: ["resolvconf-ipv6-crowds-out"],
    expected: HEALTHY,
  }),
  wsl2({
    name: "resolvconf-vpn-last",
    title:
      "A VPN that looks like Ethernet: the router stands first in resolv.conf and denies the company's names",
    sees: "the company's names do not exist in the distro",
    topology: ANYCONNECT,
    target: COMPANY_NAME,
    zone: { ...ZONE, [COMPANY_NAME]: [SERVER.v4] },
    resolvers: [{ ...ROUTER_DNS, zone: ZONE }, COMPANY_DNS],
    resolvConf: [LAN_ROUTER.v4, VPN_DNS.v4],
    windowsNames: {
      adapterServers: { [LAN_ALIAS]: [LAN_ROUTER.v4], [VPN_ALIAS]: [VPN_DNS.v4] },
      nrpt: [],
    },
    negativeFor: ["dns-name-does-not-exist", "dns-answer-forged", "nrpt-only-vpn-dns"],
    expected: fault("resolvconf-vpn-not-recognised", "resolver"),
  }),
];
