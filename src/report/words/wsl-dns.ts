// What the rules about the host's DNS proxy and WSL's DNS tunnel say.

import type { Reason } from "../../diagnosis/causes/wsl-dns/dns-tunneling-off-or-unsupported.ts";
import type { AreaSentences } from "./sentence.ts";
import { formatAge } from "./servers.ts";

export const WSL_DNS_SENTENCES = {
  "dns-proxy-blocked-by-local-firewall": {
    noProfile: ({ reason }) => reason ?? "the snapshot holds no Public profile",
    localRulesApply: "the Public profile applies local rules",
    found: ({ proxy, working, policy }) =>
      `${formatSilent(proxy, working)}; ${POLICIES[policy]}, so the rule that opens UDP port 53 to the distro has no effect`,
  },
  "hns-dns-rule-stale": {
    noSwitch: ({ reason }) => reason ?? "WSL's switch is not known",
    noRule: "the snapshot holds no HNS rule for UDP port 53",
    opens: ({ adapter }) => `an HNS rule opens UDP port 53 on ${adapter}`,
    found: ({ proxy, working, named, adapter }) =>
      `${formatSilent(proxy, working)}; the HNS rule for UDP port 53 is for ${named.join(", ") || "no interface"}, and WSL's switch is ${adapter}`,
  },
  "dns-proxy-stalls": {
    tooFewAnswers: "the gateway gave too few answers to call it slow",
    inTime: "the gateway answers in time",
    noneQuick: "no other server answers quickly, so the name itself may be slow",
    found: ({ proxy, fastestMs, quick, quickMs }) =>
      `${formatProxy(proxy)}, takes at least ${Math.round(fastestMs)} ms for each query, while ${quick} answers the same query in ${Math.round(quickMs)} ms from here`,
    restart: "Restart WSL's network, and the proxy with it",
  },
  "dns-proxy-udp-only": {
    noTcpQuery: "the gateway was not queried over TCP",
    noUdpAnswer: "the gateway does not answer over UDP either",
    tcpReplies: "the gateway replies over TCP",
    found: ({ proxy, needed, host }) =>
      `${formatProxy(proxy)}, answers over UDP and is silent over TCP: ${
        needed
          ? `its answer for ${host} does not fit into a datagram`
          : "names whose answers do not fit into a datagram would fail"
      }`,
  },
  "dns-tunneling-off-or-unsupported": {
    noSettings: "the snapshot does not hold .wslconfig",
    notEnabled: ".wslconfig does not enable DNS tunnelling",
    wsl1: "WSL1 has no tunnel",
    isTunnel: ({ server }) => `${server} is the tunnel`,
    stub: "a local stub hides its upstream servers",
    found: ({ servers, reason, age }) =>
      `.wslconfig has dnsTunneling=true, and resolv.conf names ${servers.join(", ") || "no server"} instead of the tunnel${formatReason(reason)}${formatAge(age)}`,
    update: "Restart WSL with the newest version",
  },
  "dns-tunneling-strict-edns": {
    noPlainAnswer: "the tunnel did not answer a query without EDNS with an address",
    notQueried: "the tunnel was not queried with EDNS (wsl-trace dns does)",
    answers: "the tunnel answers with EDNS",
    found: ({ tunnel, name, checks, rcode }) =>
      `${formatTunnel(tunnel)}, answers a query without EDNS for ${name}, and the ${checks} with an EDNS record ${rcode === null ? "are unanswered" : `fail (${rcode})`}`,
    passThem: "Let the tunnel pass queries that it does not support",
  },
  "dns-tunneling-vpn-conflict": {
    notFromTunnel: "the address does not come from the tunnel",
    distroReaches: "the distro reaches the address itself",
    otherAddress: "Windows has another address for the name",
    windowsFailsToo: "Windows does not reach the address either",
    ordinary: "the address is an ordinary one, so the path to it may be what is broken",
    found: ({ address, name, range, age }) => {
      const mark =
        range === null
          ? "Global Secure Access is running on the host"
          : `${range} is used by such clients for synthetic addresses`;
      return `the tunnel and Windows both give ${address} for ${name}, Windows connects to it and the distro does not; ${mark}, so a client on the host translates it to the real one, and packets of the distro do not pass there${formatAge(age)}`;
    },
    switchOff: "Switch the tunnel off, so that the VPN's real name servers are queried",
  },
  "dns-tunneling-local-delay": {
    noLocalName: "no short or .local name was queried",
    inTime: "the tunnel answers for it in time",
    noneQuick: "the tunnel answered no other query quickly: it may be dead",
    found: ({ tunnel, name, slowMs }) =>
      `${formatTunnel(tunnel)}, answers other queries at once and none for ${name} in ${slowMs} ms: Windows queries short and .local names on the local link (mDNS, LLMNR)`,
    shorten: "Shorten the time-out until WSL rewrites the file; better, use the full name",
  },
} satisfies AreaSentences<"wsl-dns">;

function formatProxy(server: string): string {
  return `${server}, the host's DNS proxy`;
}

function formatTunnel(server: string): string {
  return `${server}, WSL's DNS tunnel`;
}

interface Proxy {
  readonly server: string;
  readonly reported: string;
}

function formatSilent({ server, reported }: Proxy, working: string): string {
  return `${formatProxy(server)}, ${reported}, while ${working} replies from here`;
}

const POLICIES = {
  "blocks-inbound": "the Public profile blocks all inbound traffic (AllowInboundRules False)",
  "ignores-local-rules": "the Public profile ignores local rules (AllowLocalFirewallRules False)",
} as const;

function formatReason(reason: Reason | null): string {
  switch (reason?.kind) {
    case undefined:
      return "; the reason is not in the snapshot (WSL started before the setting, or an older WSL)";
    case "no-generated-file":
      return ": /etc/wsl.conf has generateResolvConf=false, which switches the tunnel off";
    case "old-windows":
      return `: Windows build ${reason.build} is older than ${reason.needed} (11 22H2), which the tunnel needs`;
    case "global-secure-access":
      return ": Global Secure Access is running, and WSL then leaves the tunnel off";
  }
}
