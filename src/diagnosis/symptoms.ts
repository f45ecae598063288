// What people see first, in their own words, and which causes it can be: the index over the pages.

import type { CauseId } from "./causes/list.ts";

export interface Symptom {
  /** As a user would say it. */
  readonly sees: string;
  /** Words that people type for it, in lower case; each counts once. */
  readonly words: readonly string[];
  /** The likeliest first. */
  readonly causes: readonly CauseId[];
  /** What tells them apart, or the command that does. */
  readonly tell: string;
}

export const SYMPTOMS: readonly Symptom[] = [
  {
    sees: "TLS hangs after the ClientHello; ping, names and connect work",
    words: [
      "tls",
      "ssl",
      "https",
      "handshake",
      "clienthello",
      "hang",
      "stuck",
      "curl",
      "vpn",
      "mtu",
    ],
    causes: [
      "vpn-mtu-inbound-blackhole",
      "pmtu-inbound-blackhole",
      "mirrored-jumbo-blackhole",
      "tls-large-hello-lost",
      "tls-middlebox-reset",
      "server-silent",
    ],
    tell: "wsl-trace path HOST: where a connection with small segments finishes, it is size; where another name does, a middlebox.",
  },
  {
    sees: "Temporary failure in name resolution",
    words: [
      "dns",
      "name",
      "resolve",
      "resolution",
      "temporary",
      "failure",
      "nameserver",
      "resolv.conf",
    ],
    causes: [
      "nrpt-only-vpn-dns",
      "dns-server-unreachable",
      "resolvconf-missing-or-dangling",
      "dns-proxy-blocked-by-local-firewall",
      "globalprotect-explicit-proxy-or-dns",
      "vpn-killswitch-wfp",
    ],
    tell: "wsl-trace dns NAME: who of resolv.conf answers, beside the servers and rules that Windows has.",
  },
  {
    sees: "Each name takes seconds, and then it works",
    words: ["dns", "name", "slow", "seconds", "delay", "resolve", "wait"],
    causes: [
      "dns-server-unreachable",
      "dns-v6-query-delay",
      "dns-server-slow",
      "dns-proxy-stalls",
      "dns-tunneling-local-delay",
    ],
    tell: "wsl-trace dns NAME: the time of each server, for A and AAAA.",
  },
  {
    sees: "A download begins and stops: apt, npm, pip, docker pull",
    words: [
      "download",
      "stall",
      "stop",
      "hang",
      "apt",
      "npm",
      "pip",
      "docker",
      "pull",
      "middle",
      "clone",
    ],
    causes: [
      "pmtu-inbound-blackhole",
      "transfer-stalls",
      "path-loss",
      "ecn-lost",
      "docker-mtu-above-eth0",
    ],
    tell: "wsl-trace path URL --transfer: at which byte it stops, and without which TCP option it goes on.",
  },
  {
    sees: "git push, scp and uploads hang or crawl, downloads are fast",
    words: ["upload", "push", "scp", "git", "slow", "send", "crawl", "lso"],
    causes: [
      "vpn-mtu-outbound-blackhole",
      "pmtu-outbound-blackhole",
      "transfer-stalls",
      "lso-on-vethernet",
    ],
    tell: "wsl-trace mtu HOST: which sizes go out; sudo ethtool -K eth0 tso off gso off tells of LSO.",
  },
  {
    sees: "No route to host, or Network is unreachable",
    words: ["route", "unreachable", "host", "network", "arp", "gateway", "offline", "internet"],
    causes: [
      "no-default-route",
      "gateway-unreachable",
      "mirrored-vpn-arp-regression",
      "mirrored-routes-lost",
      "network-manager-took-address",
      "route-blocks",
    ],
    tell: "wsl-trace path HOST: who says so, this machine's own kernel or a router, and what ARP gets.",
  },
  {
    sees: "Connection refused",
    words: ["refused", "connection", "reset", "port", "localhost"],
    causes: [
      "port-refused",
      "guest-bound-to-loopback",
      "mirrored-host-address-loopback",
      "proxy-set-but-dead",
      "server-refuses",
    ],
    tell: "wsl-trace path HOST:PORT: whose reset it is; wsl-trace inbound PORT for a service of the distro.",
  },
  {
    sees: "Connections time out, in the distro alone or in Windows too",
    words: [
      "timeout",
      "timed",
      "time",
      "out",
      "connection",
      "nothing",
      "silent",
      "firewall",
      "blocked",
    ],
    causes: [
      "port-filtered",
      "host-forwarding-blocked",
      "hyperv-firewall-blocks-outbound",
      "vpn-metric-steals-wsl-subnet",
      "endpoint-security-drops-wsl",
      "mirrored-port-range",
    ],
    tell: "wsl-trace path HOST:PORT: how far the SYN gets, and whether Windows reaches the same port.",
  },
  {
    sees: "It works in Windows, and not in WSL while the VPN is up",
    words: ["vpn", "windows", "works", "wsl", "browser", "company", "corporate", "intranet"],
    causes: [
      "nrpt-only-vpn-dns",
      "vpn-mtu-inbound-blackhole",
      "vpn-metric-steals-wsl-subnet",
      "vpn-killswitch-wfp",
      "proxy-required-but-unset",
      "nat-subnet-overlap",
    ],
    tell: "wsl-trace path HOST: it asks Windows for the same target, and names the part between the two.",
  },
  {
    sees: "A certificate is not trusted, not yet valid, or expired",
    words: [
      "certificate",
      "cert",
      "ca",
      "issuer",
      "trusted",
      "expired",
      "ssl",
      "verify",
      "self-signed",
    ],
    causes: ["tls-inspection-untrusted-ca", "clock-skew", "captive-portal"],
    tell: "wsl-trace path HOST: who signed it, and the clocks of both sides.",
  },
  {
    sees: "A server in WSL is not reached from Windows, the LAN or the VPN",
    words: [
      "server",
      "service",
      "localhost",
      "port",
      "lan",
      "reach",
      "inbound",
      "listen",
      "windows",
      "bind",
    ],
    causes: [
      "guest-bound-to-loopback",
      "localhost-forwarding-broken",
      "excluded-port-range",
      "portproxy-to-old-address",
      "hyperv-firewall-blocks-inbound",
      "mirrored-port-conflict",
    ],
    tell: "wsl-trace inbound PORT, with --from lan or vpn: it is tried from both sides.",
  },
  {
    sees: "Ping fails, or traceroute shows stars, and everything else works",
    words: ["ping", "icmp", "traceroute", "stars", "echo"],
    causes: ["icmp-filtered", "mirrored-ping-only-broken", "hop-silent", "icmp-rate-limited"],
    tell: "wsl-trace path HOST: it tries with TCP and UDP too. None of these is a fault.",
  },
];

/** Little words that tell nothing. */
const LEAST_LETTERS = 2;

/** The symptoms that share most words with the text, the best first; empty where none does. */
export function symptomsOf(text: string, most: number): readonly Symptom[] {
  const typed = text
    .toLowerCase()
    .split(/[^a-z0-9.-]+/)
    .filter((word) => word.length >= LEAST_LETTERS);
  const scored = SYMPTOMS.map((symptom) => ({ symptom, score: scoreOf(symptom, typed) }));
  const best = Math.max(0, ...scored.map(({ score }) => score));
  if (best === 0) return [];
  return scored
    .filter(({ score }) => score === best || score > 1)
    .sort((one, other) => other.score - one.score)
    .slice(0, most)
    .map(({ symptom }) => symptom);
}

function scoreOf({ words }: Symptom, typed: readonly string[]): number {
  return words.filter((word) => typed.some((one) => isSameWord(one, word))).length;
}

/** "hangs" and "hanging" are "hang" to whoever types them; with an ending, a shorter word is another one. */
function isSameWord(typed: string, word: string): boolean {
  if (typed === word) return true;
  return (
    word.length >= STEM_LETTERS &&
    typed.startsWith(word) &&
    typed.length - word.length <= ENDING_LETTERS
  );
}

const STEM_LETTERS = 4;
/** "s", "ed", "ing". */
const ENDING_LETTERS = 3;
