// What the rules about the Windows host, and about its own way out, say.

import type { AreaSentences } from "./sentence.ts";

export const HOST_SENTENCES = {
  "lan-gateway-unreachable": {
    otherFamily: ({ other, address }) =>
      `Windows has a route over IPv${other} alone, and none to ${address}`,
    noRoute: ({ address, reason }) =>
      `Windows has no route to ${address}, as no adapter that leads to a router is up; ${reason}`,
    found: ({ shown, adapter }) => {
      const what =
        shown.by === "host"
          ? shown.reason
          : `Windows reports host unreachable for what is routed to its first router ${shown.router}`;
      const leads = adapter === null ? "" : ` on ${adapter}`;
      return `${what}${leads}: Windows does not reach the home or office network itself`;
    },
  },
  "host-without-ipv4": {
    otherFamily: "the target has no IPv4 address",
    hasRoute: ({ route }) => `Windows has a route to it: ${route}`,
    notTheFamily: ({ hasIpv6 }) =>
      hasIpv6
        ? "Windows has a default route over IPv4"
        : "Windows has no default route in either family",
    found: ({ address, from }) =>
      `Windows has a default route over IPv6 alone and none that leads to ${address}, while WSL's NAT gives the distro IPv4 alone${from === null ? "" : `; Windows says so itself: ${from} reports that the network is unreachable`}`,
  },
  "vpn-tunnel-dead": {
    otherHost: "the snapshot is not of this distro's host",
    noVpn: ({ because }) => `no VPN is on the path: ${because}`,
    outsideUnknown: ({ reason }) =>
      `whether the path outside the tunnel works is not known: ${reason}`,
    found: ({ outside, adapter, address, tunnel }) =>
      `${outside}, and nothing that goes into ${adapter ?? "the VPN"} to ${address} is answered${tunnel === null ? "" : `; ${tunnel}`}: the tunnel is dead`,
  },
  "nat-source-not-translated": {
    notAtNat: "the distro does not get as far as Windows' NAT",
    beyondNat: "the fault lies beyond the NAT",
    hostUnknown: ({ reason }) =>
      `whether Windows itself reaches the target is not known: ${reason}`,
    found: ({ source }) =>
      `a candidate beside blocked forwarding: packets that leave Windows as ${source ?? "the distro's address"}, untranslated, get no answer either, and only a capture beyond the NAT can distinguish the two`,
  },
  "host-forwarding-blocked": {
    windowsSilent: ({ reason }) => `Windows does not answer the distro either: ${reason}`,
    ownFirewall: "the distro's own firewall keeps it from leaving",
    nextHopMissing: "Windows forwards, and reports that the next hop is missing",
    hostUnknown: ({ reason }) => `the state of the Windows host is not known: ${reason}`,
    found: ({ reason, address, drops }) =>
      `${reason}; Windows answers the distro too, and nothing beyond it answers the distro's packets to ${address}: Windows does not forward them${drops.length === 0 ? "" : `; pktmon counted as dropped there ${drops.join("; ")}`}`,
    perhaps: ({ address, reason }) =>
      `Windows answers the distro, and nothing beyond it does; whether Windows itself reaches ${address} is not known (${reason}), so the fault may lie beyond Windows as well`,
    restart: "Restart WSL, which recreates its network and its NAT",
    seeForwarding: "See whether forwarding is on for WSL's switch",
  },
} satisfies AreaSentences<"host">;
