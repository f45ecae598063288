// What IPv4 and IPv6 headers have in common, and which of the two a packet is.

import type { IpPacket } from "./ip-packet.ts";
import { decodeIpv4 } from "./ipv4.ts";
import { decodeIpv6 } from "./ipv6.ts";

/** IANA protocol numbers of what is probed with. */
export const PROTOCOL = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 } as const;

/** Undefined for what begins with no whole IP header. */
export function decodeIp(bytes: Buffer): IpPacket | undefined {
  const version = (bytes[0] ?? 0) >> 4;
  if (version === 4) return decodeIpv4(bytes);
  return version === 6 ? decodeIpv6(bytes) : undefined;
}
