// The routes and the NAT of the WSL networks.

import * as at from "./addresses.ts";
import { VPN_METRIC, wifiMetric } from "./metrics.ts";
import type { Masquerade, Role, Route } from "./topology.ts";

/** Where only one route leads anywhere. */
const ONLY = 0;

export const GUEST_ROUTES = defaultRoutes("guest", "eth0", at.HOST_ON_SWITCH, ONLY);

/** What every network has. */
export function commonRoutes(underVpn: boolean): readonly Route[] {
  return [
    ...defaultRoutes("host", "wifi0", at.LAN_ROUTER, wifiMetric(underVpn)),
    ...OUTSIDE_ROUTES,
  ];
}

const OUTSIDE_ROUTES: readonly Route[] = [
  ...defaultRoutes("lan", "wan0", at.INTERNET_TO_LAN, ONLY),
  ...defaultRoutes("server", "eth0", at.INTERNET_TO_SERVER, ONLY),
  // The LAN's IPv6 prefix is routed, its IPv4 prefix hides behind NAT.
  {
    role: "internet",
    prefix: at.LAN_PREFIX.v6,
    via: at.LAN_OUTSIDE.v6,
    interface: "home0",
    metric: ONLY,
  },
];

export const VPN_ROUTES: readonly Route[] = [
  ...defaultRoutes("host", "vpn0", null, VPN_METRIC),
  // The tunnel's own packets go around it.
  {
    role: "host",
    prefix: `${at.VPN_GATEWAY.v4}/32`,
    via: at.LAN_ROUTER.v4,
    interface: "wifi0",
    metric: wifiMetric(true),
  },
  ...defaultRoutes("vpn-gateway", "wan0", at.INTERNET_TO_VPN, ONLY),
];

/** A split tunnel: the company's name server alone is behind it. */
export const SPLIT_ROUTES: readonly Route[] = [
  {
    role: "host",
    prefix: `${at.VPN_DNS.v4}/32`,
    via: null,
    interface: "vpn0",
    metric: VPN_METRIC,
  },
  ...defaultRoutes("vpn-gateway", "wan0", at.INTERNET_TO_VPN, ONLY),
];

function defaultRoutes(
  role: Role,
  name: string,
  via: { readonly v4: string; readonly v6: string } | null,
  metric: number,
): readonly Route[] {
  return [
    { role, prefix: at.DEFAULT.v4, via: via?.v4 ?? null, interface: name, metric },
    { role, prefix: at.DEFAULT.v6, via: via?.v6 ?? null, interface: name, metric },
  ];
}

/** What the host does for its guest. */
export function hostNat(hasVpn: boolean): readonly Masquerade[] {
  const uplinks = hasVpn ? ["vpn0", "wifi0"] : ["wifi0"];
  return uplinks.map((name) => ({
    role: "host",
    interface: name,
    families: [4, 6],
    from: [at.GUEST_PREFIX.v4, at.GUEST_PREFIX.v6],
  }));
}

export const LAN_NAT: Masquerade = {
  role: "lan",
  interface: "wan0",
  families: [4],
  from: [at.LAN_PREFIX.v4],
};
export const GATEWAY_NAT: Masquerade = {
  role: "vpn-gateway",
  interface: "wan0",
  families: [4, 6],
  from: [at.TUNNEL_PREFIX.v4, at.TUNNEL_PREFIX.v6],
};
