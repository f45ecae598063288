// The IPv4 header (RFC 791 s.3.1).

import { addressBytes, addressText } from "./address.ts";
import { checksum } from "./checksum.ts";
import type { IpPacket } from "./ip-packet.ts";

const IPV4_HEADER = 20;
const DONT_FRAGMENT = 0x4000;
const MORE_FRAGMENTS = 0x2000;
const OFFSET_MASK = 0x1fff;
const OFFSET_UNIT = 8;
const MAX_BYTES = 0xffff;

export interface Ipv4Fields {
  readonly source: string;
  readonly destination: string;
  readonly ttl: number;
  readonly protocol: number;
  readonly id: number;
  readonly trafficClass?: number;
  readonly dontFragment?: boolean;
  /** In bytes, a multiple of 8. */
  readonly fragmentOffset?: number;
  readonly moreFragments?: boolean;
}

export function encodeIpv4(fields: Ipv4Fields, payload: Uint8Array): Buffer {
  const { trafficClass = 0, dontFragment = true, fragmentOffset = 0, moreFragments } = fields;
  const header = Buffer.alloc(IPV4_HEADER);
  header.writeUInt8(0x45, 0);
  header.writeUInt8(trafficClass, 1);
  header.writeUInt16BE(Math.min(MAX_BYTES, IPV4_HEADER + payload.length), 2);
  header.writeUInt16BE(fields.id, 4);
  const flags = (dontFragment ? DONT_FRAGMENT : 0) | (moreFragments ? MORE_FRAGMENTS : 0);
  header.writeUInt16BE(flags | (Math.floor(fragmentOffset / OFFSET_UNIT) & OFFSET_MASK), 6);
  header.writeUInt8(fields.ttl, 8);
  header.writeUInt8(fields.protocol, 9);
  header.set(addressBytes(fields.source), 12);
  header.set(addressBytes(fields.destination), 16);
  header.writeUInt16BE(checksum(header), 10);
  return Buffer.concat([header, payload]);
}

/** Undefined where the header is not whole; its checksum is not looked at, as original datagrams may have an old one. */
export function decodeIpv4(bytes: Buffer): IpPacket | undefined {
  if (bytes.length < IPV4_HEADER || bytes.readUInt8(0) >> 4 !== 4) return undefined;
  const headerBytes = (bytes.readUInt8(0) & 0xf) * 4;
  if (headerBytes < IPV4_HEADER || headerBytes > bytes.length) return undefined;
  const totalBytes = bytes.readUInt16BE(2);
  const flags = bytes.readUInt16BE(6);
  // A length below the header's is an error that some routers write into original datagrams: then all of it counts.
  const end = totalBytes < headerBytes ? bytes.length : Math.min(totalBytes, bytes.length);
  return {
    family: 4,
    source: addressText(bytes.subarray(12, 16)),
    destination: addressText(bytes.subarray(16, 20)),
    ttl: bytes.readUInt8(8),
    trafficClass: bytes.readUInt8(1),
    id: bytes.readUInt16BE(4),
    dontFragment: (flags & DONT_FRAGMENT) !== 0,
    fragmentOffset: (flags & OFFSET_MASK) * OFFSET_UNIT,
    moreFragments: (flags & MORE_FRAGMENTS) !== 0,
    protocol: bytes.readUInt8(9),
    totalBytes,
    payload: bytes.subarray(headerBytes, end),
  };
}
