// The networks of WSL1 and WSL2 in NAT mode, with and without a full-tunnel VPN on the Windows host.

import { lanAdapter, SPLIT_ADAPTER, SWITCH_ADAPTER, VPN_ADAPTER } from "./adapters.ts";
import { VPN_DNS, withLengths } from "./addresses.ts";
import { GATEWAY_UPLINK, LAN, SWITCH, serverLink, tunnel, WAN } from "./links.ts";
import { ETHERNET_MTU } from "./names.ts";
import {
  commonRoutes,
  GATEWAY_NAT,
  GUEST_ROUTES,
  hostNat,
  LAN_NAT,
  SPLIT_ROUTES,
  VPN_ROUTES,
} from "./routes.ts";
import type { Role, Route, Topology, Tunnel, WindowsAdapter } from "./topology.ts";

export interface WslOptions {
  /** WSL1 has no guest: its programs see the host's own interfaces. */
  readonly wsl: 1 | 2;
  /** Null without a VPN. */
  readonly tunnelMtu: number | null;
  readonly serverMtu?: number;
  /** Only the company's name server is reached through the tunnel. */
  readonly split?: boolean;
}

/** The whole network, as data. */
export function wslTopology({
  wsl,
  tunnelMtu,
  serverMtu = ETHERNET_MTU,
  split = false,
}: WslOptions): Topology {
  const vpn = tunnelMtu === null ? null : tunnel(tunnelMtu);
  const guest = wsl === 2;
  const forced = vpn !== null && !split;
  const [vpnRoutes, vpnAdapters] = vpnOn(vpn !== null, split);
  return {
    picture: picture(guest, vpn),
    roles: [
      ...(guest ? [GUEST] : []),
      "host",
      "lan",
      "internet",
      ...(vpn ? [GATEWAY] : []),
      "server",
    ],
    links: [
      ...(guest ? [SWITCH] : []),
      LAN,
      WAN,
      ...(vpn ? [GATEWAY_UPLINK] : []),
      serverLink(serverMtu),
    ],
    tunnel: vpn,
    extraAddresses: vpn ? [{ role: GATEWAY, addresses: withLengths(VPN_DNS, 32, 128) }] : [],
    routes: [...(guest ? GUEST_ROUTES : []), ...commonRoutes(forced), ...vpnRoutes],
    masquerades: [...(guest ? hostNat(vpn !== null) : []), LAN_NAT, ...(vpn ? [GATEWAY_NAT] : [])],
    adapters: [...(guest ? [SWITCH_ADAPTER] : []), lanAdapter(forced), ...vpnAdapters],
  };
}

function vpnOn(
  on: boolean,
  split: boolean,
): readonly [readonly Route[], readonly WindowsAdapter[]] {
  if (!on) return [[], []];
  return split ? [SPLIT_ROUTES, [SPLIT_ADAPTER]] : [VPN_ROUTES, [VPN_ADAPTER]];
}

const GUEST: Role = "guest";
const GATEWAY: Role = "vpn-gateway";

function picture(guest: boolean, vpn: Tunnel | null): string {
  const start = guest ? "guest --eth0-- host" : "host (WSL1 shares it)";
  const hosts = `${start} --wifi0-- lan --wan0-- internet --rack0-- server`;
  if (vpn === null) return hosts;
  const indent = " ".repeat(start.length - "host".length);
  return `${hosts}\n${guest ? indent : ""}host ==vpn0 (MTU ${vpn.mtu})== vpn-gateway --office0-- internet`;
}
