// What is read of an IP header, whichever family it is of.

import type { Family } from "../../src/schema/events/common.ts";

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
  /** Of the whole packet, as its header states. */
  readonly totalBytes: number;
  /** As far as it is there: an original datagram is cut off, and may have padding behind it. */
  readonly payload: Buffer;
}
