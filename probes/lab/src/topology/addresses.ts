// The lab's address plan: documentation and private prefixes only (RFC 5737, RFC 3849, RFC 1918, RFC 6598).

/** One address in both families. */
interface Pair {
  readonly v4: string;
  readonly v6: string;
}

export const GUEST_PREFIX: Pair = { v4: "172.24.16.0/20", v6: "2001:db8:a0::/64" };
export const GUEST: Pair = { v4: "172.24.25.20", v6: "2001:db8:a0::20" };
export const HOST_ON_SWITCH: Pair = { v4: "172.24.16.1", v6: "2001:db8:a0::1" };

export const LAN_PREFIX: Pair = { v4: "192.168.1.0/24", v6: "2001:db8:b0::/64" };
export const HOST_ON_LAN: Pair = { v4: "192.168.1.50", v6: "2001:db8:b0::50" };
export const LAN_ROUTER: Pair = { v4: "192.168.1.1", v6: "2001:db8:b0::1" };

export const LAN_OUTSIDE: Pair = { v4: "203.0.113.2", v6: "2001:db8:c0::2" };
export const INTERNET_TO_LAN: Pair = { v4: "203.0.113.1", v6: "2001:db8:c0::1" };

export const VPN_GATEWAY: Pair = { v4: "198.51.100.2", v6: "2001:db8:d0::2" };
export const INTERNET_TO_VPN: Pair = { v4: "198.51.100.1", v6: "2001:db8:d0::1" };
/** The company's name server, which only the tunnel leads to. */
export const VPN_DNS: Pair = { v4: "198.51.100.53", v6: "2001:db8:d1::53" };

export const SERVER: Pair = { v4: "192.0.2.80", v6: "2001:db8:e0::80" };
export const INTERNET_TO_SERVER: Pair = { v4: "192.0.2.65", v6: "2001:db8:e0::1" };

export const TUNNEL_PREFIX: Pair = { v4: "100.64.16.0/24", v6: "2001:db8:f0::/64" };
export const HOST_IN_TUNNEL: Pair = { v4: "100.64.16.6", v6: "2001:db8:f0::6" };
export const GATEWAY_IN_TUNNEL: Pair = { v4: "100.64.16.1", v6: "2001:db8:f0::1" };

export const DEFAULT: Pair = { v4: "0.0.0.0/0", v6: "::/0" };

/** Both addresses with their prefix lengths. */
export function withLengths(pair: Pair, v4Length: number, v6Length: number): readonly string[] {
  return [`${pair.v4}/${v4Length}`, `${pair.v6}/${v6Length}`];
}

/** Both addresses. */
export function both(pair: Pair): readonly string[] {
  return [pair.v4, pair.v6];
}
