// Causes about names that only WSL has: how resolv.conf is made, the host's DNS proxy, the DNS tunnel.

import type { CauseRow } from "./row.ts";

const AT_RESOLVER = { segment: "resolver", direction: null } as const;

export const WSL_NAME_CAUSES = {
  "resolvconf-vpn-not-recognised": {
    ...AT_RESOLVER,
    title: "The VPN's name servers come too late in resolv.conf, or are missing",
    severity: "fault",
    dependsOn: ["nrpt-only-vpn-dns", "resolvconf-ipv6-crowds-out", "dns-suffix-missing"],
  },
  "resolvconf-ipv6-crowds-out": {
    ...AT_RESOLVER,
    title: "IPv6 servers fill resolv.conf, and the right server is left out",
    severity: "fault",
    dependsOn: ["nrpt-only-vpn-dns", "dns-suffix-missing"],
  },
  "resolvconf-manual-stale": {
    ...AT_RESOLVER,
    title: "A resolv.conf written by hand names servers of another network",
    severity: "fault",
    dependsOn: ["nrpt-only-vpn-dns", "no-default-route", "gateway-unreachable"],
  },
  "systemd-resolved-stub-without-upstream": {
    ...AT_RESOLVER,
    title: "resolv.conf names systemd-resolved, which has no upstream server",
    severity: "fault",
    dependsOn: ["nrpt-only-vpn-dns"],
  },
  "dns-proxy-blocked-by-local-firewall": {
    ...AT_RESOLVER,
    title: "Windows' firewall keeps the distro from the host's DNS proxy, by policy",
    severity: "fault",
    dependsOn: ["no-default-route", "gateway-unreachable"],
  },
  "hns-dns-rule-stale": {
    ...AT_RESOLVER,
    title: "The firewall rule for the host's DNS proxy names an interface that is gone",
    severity: "fault",
    dependsOn: ["dns-proxy-blocked-by-local-firewall", "no-default-route", "gateway-unreachable"],
  },
  "dns-proxy-udp-only": {
    ...AT_RESOLVER,
    title: "The host's DNS proxy is silent over TCP, which larger answers need",
    severity: "fault",
    dependsOn: [],
  },
  "dns-proxy-stalls": {
    ...AT_RESOLVER,
    title: "The host's DNS proxy takes seconds for each query",
    severity: "warning",
    dependsOn: [],
  },
  "dns-tunneling-off-or-unsupported": {
    ...AT_RESOLVER,
    title: "DNS tunnelling is enabled in .wslconfig and is not in force",
    severity: "note",
    dependsOn: [],
  },
  "dns-tunneling-strict-edns": {
    ...AT_RESOLVER,
    title: "WSL's DNS tunnel fails queries with an EDNS record",
    severity: "warning",
    dependsOn: [],
  },
  "dns-tunneling-vpn-conflict": {
    ...AT_RESOLVER,
    title: "WSL's DNS tunnel gives an address that only Windows' programs reach",
    severity: "fault",
    dependsOn: ["no-default-route", "gateway-unreachable"],
  },
  "dns-tunneling-local-delay": {
    ...AT_RESOLVER,
    title: "Short and .local names time out in WSL's DNS tunnel",
    severity: "fault",
    dependsOn: [],
  },
  "dns-suffix-missing": {
    ...AT_RESOLVER,
    title: "A short name needs a domain that Windows appends and the distro does not",
    severity: "fault",
    dependsOn: ["nrpt-only-vpn-dns"],
  },
  "dns-v6-query-delay": {
    ...AT_RESOLVER,
    title: "One of the two queries of each look-up (A, AAAA) is never answered",
    severity: "warning",
    dependsOn: ["dns-large-answer-lost"],
  },
  "hosts-file-override": {
    ...AT_RESOLVER,
    title: "/etc/hosts gives the name another address than the name servers do",
    severity: "fault",
    dependsOn: [],
  },
} as const satisfies Readonly<Record<string, CauseRow>>;
