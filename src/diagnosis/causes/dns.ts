// Causes about DNS: which server is queried, which one answers, and what.

import type { CauseRow } from "./row.ts";

/** What resolv.conf's servers do is no fault of theirs where others belong in it. */
const WRONG_SERVERS = [
  "resolvconf-vpn-not-recognised",
  "resolvconf-ipv6-crowds-out",
  "resolvconf-manual-stale",
] as const;

// Nothing below connect depends on a name server: without an address those rules have nothing to
// judge and say "not checked", and with one the names are no excuse.
export const NAME_CAUSES = {
  "nrpt-only-vpn-dns": {
    title: "The VPN's name servers are only in Windows' NRPT, unused by the distro",
    segment: "resolver",
    severity: "fault",
    direction: null,
    // A server that has the name, and whose answer is lost or replaced, is the right server.
    dependsOn: ["dns-tcp-blocked", "dns-proxy-udp-only", "dns-large-answer-lost"],
  },
  "dns-server-unreachable": {
    title: "A configured name server does not answer at all",
    segment: "resolver",
    severity: "fault",
    direction: null,
    dependsOn: [
      "nrpt-only-vpn-dns",
      "resolvconf-missing-or-dangling",
      "vpn-metric-steals-wsl-subnet",
      "vpn-more-specific-route",
      "nat-subnet-overlap",
      "vpn-client-inside-wsl",
      "mirrored-routes-lost",
      ...WRONG_SERVERS,
      "dns-proxy-blocked-by-local-firewall",
      "hns-dns-rule-stale",
      "dns-tunneling-local-delay",
      "no-default-route",
      "gateway-unreachable",
    ],
  },
  "dns-server-refuses": {
    title: "A configured name server answers, and refuses to serve this machine",
    segment: "resolver",
    severity: "fault",
    direction: null,
    dependsOn: [
      "nrpt-only-vpn-dns",
      "resolvconf-missing-or-dangling",
      "systemd-resolved-stub-without-upstream",
      ...WRONG_SERVERS,
    ],
  },
  "dns-name-does-not-exist": {
    title: "The name server answers that the name does not exist",
    segment: "resolver",
    severity: "fault",
    direction: null,
    dependsOn: ["nrpt-only-vpn-dns", "dns-suffix-missing", ...WRONG_SERVERS],
  },
  "dns-tcp-blocked": {
    title: "A name server's answer needs TCP, and TCP to it does not get through",
    segment: "resolver",
    severity: "fault",
    direction: null,
    dependsOn: ["dns-proxy-udp-only"],
  },
  "dns-large-answer-lost": {
    title: "A name server's larger answers are lost over UDP, while small ones pass",
    segment: "resolver",
    severity: "fault",
    direction: "inbound",
    dependsOn: [],
  },
  "dns-answer-forged": {
    title: "Another system answers instead of the name server",
    segment: "resolver",
    severity: "fault",
    direction: "inbound",
    dependsOn: [],
  },
  "resolvconf-missing-or-dangling": {
    title: "/etc/resolv.conf is absent, a link to nothing, or names no server",
    segment: "resolver",
    severity: "fault",
    direction: null,
    dependsOn: [],
  },
} as const satisfies Readonly<Record<string, CauseRow>>;
