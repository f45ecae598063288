// What IPv4 and IPv6 headers have in common, and which of the two a packet is.

import type { Family } from "../../src/model/events/common.ts";
import { decodeIpv4 } from "./ipv4.ts";
import { decodeIpv6 } from "./ipv6.ts";

export interface IpPacket {
  readonly family: Family;
  readonly source: string;
  readonly destination: string;
  /** Hop limit, in IPv6. */
  readonly ttl: number;
  /** DSCP and ECN. */
  readonly trafficClass: number;
  /** Null where the header has none: IPv6 that is no fragment. */
  readonly id: number | null;
  /** Always so in IPv6, where no router fragments. */
  readonly dontFragment: boolean;
  /** In bytes; behind the first fragment the payload begins with no transport header. */
  readonly fragmentOffset: number;
  readonly moreFragments: boolean;
  /** Of what the payload begins with (IANA protocol numbers), behind all extension headers. */
  readonly protocol: number;
  /** Of the whole packet, as its header says. */
  readonly totalBytes: number;
  /** As far as it is there: a quote is cut off, and may have padding behind it. */
  readonly payload: Buffer;
}

/** IANA protocol numbers of what is probed with. */
export const PROTOCOL = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 } as const;

/** Undefined for what begins with no whole IP header. */
export function decodeIp(bytes: Buffer): IpPacket | undefined {
  const version = (bytes[0] ?? 0) >> 4;
  if (version === 4) return decodeIpv4(bytes);
  return version === 6 ? decodeIpv6(bytes) : undefined;
}
