// The cables of the WSL networks, and the tunnel.

import * as at from "./addresses.ts";
import { ETHERNET_MTU } from "./names.ts";
import type { Link, Tunnel } from "./topology.ts";

export const SWITCH: Link = {
  mtu: ETHERNET_MTU,
  ends: [
    { role: "guest", interface: "eth0", addresses: at.withLengths(at.GUEST, 20, 64) },
    { role: "host", interface: "vswitch0", addresses: at.withLengths(at.HOST_ON_SWITCH, 20, 64) },
  ],
};
export const LAN: Link = {
  mtu: ETHERNET_MTU,
  ends: [
    { role: "host", interface: "wifi0", addresses: at.withLengths(at.HOST_ON_LAN, 24, 64) },
    { role: "lan", interface: "lan0", addresses: at.withLengths(at.LAN_ROUTER, 24, 64) },
  ],
};
export const WAN: Link = {
  mtu: ETHERNET_MTU,
  ends: [
    { role: "lan", interface: "wan0", addresses: at.withLengths(at.LAN_OUTSIDE, 29, 64) },
    { role: "internet", interface: "home0", addresses: at.withLengths(at.INTERNET_TO_LAN, 29, 64) },
  ],
};
export const GATEWAY_UPLINK: Link = {
  mtu: ETHERNET_MTU,
  ends: [
    { role: "vpn-gateway", interface: "wan0", addresses: at.withLengths(at.VPN_GATEWAY, 29, 64) },
    {
      role: "internet",
      interface: "office0",
      addresses: at.withLengths(at.INTERNET_TO_VPN, 29, 64),
    },
  ],
};

/** The server and its router. */
export function serverLink(mtu: number): Link {
  return {
    mtu,
    ends: [
      { role: "server", interface: "eth0", addresses: at.withLengths(at.SERVER, 26, 64) },
      {
        role: "internet",
        interface: "rack0",
        addresses: at.withLengths(at.INTERNET_TO_SERVER, 26, 64),
      },
    ],
  };
}

/** The registered port of no VPN; WireGuard's usual one. */
const TUNNEL_PORT = 51_820;

/** Windows' tunnel to the company. */
export function tunnel(mtu: number): Tunnel {
  return {
    mtu,
    // A single address, as Windows' own VPN client has it: everything is on the link.
    client: {
      role: "host",
      interface: "vpn0",
      addresses: at.withLengths(at.HOST_IN_TUNNEL, 32, 128),
    },
    gateway: {
      role: "vpn-gateway",
      interface: "vpn0",
      addresses: at.withLengths(at.GATEWAY_IN_TUNNEL, 24, 64),
    },
    endpoint: { address: at.VPN_GATEWAY.v4, port: TUNNEL_PORT },
  };
}
