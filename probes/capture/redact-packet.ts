// A captured packet without whose network it is of: other addresses, sums that fit them, and no payload but the tool's own cookie.

import type { CapturedPacket, PacketNames } from "../../src/captured-packet.ts";
import { addressBytes } from "../packet/address.ts";
import { checksum, pseudoHeader, udpChecksum } from "../packet/checksum.ts";
import { COOKIE_BYTES, readCookie } from "../packet/cookie.ts";
import { decodeEcho, decodeIcmpError, ICMP_HEADER } from "../packet/icmp.ts";
import { decodeIp, PROTOCOL } from "../packet/ip.ts";
import type { IpPacket } from "../packet/ip-packet.ts";
import { UDP_HEADER } from "../packet/udp.ts";
import { DNS_PORT, redactDns } from "./dns-messages.ts";

type Names = PacketNames;

/** It is cut where something begins that others shall not read; how long it was stays. */
export function redactPacket(packet: CapturedPacket, names: Names): CapturedPacket {
  const bytes = Buffer.from(packet.bytes);
  const kept = redactIp(bytes, names, false);
  const place = names.place(packet.place);
  return { ...packet, place, bytes: bytes.subarray(0, kept) };
}

/** Where the addresses stand, and the sum over an IPv4 header. */
const ADDRESSES_AT = { 4: 12, 6: 8 } as const;
const ADDRESS_BYTES = { 4: 4, 6: 16 } as const;
const FIXED_HEADER = { 4: 20, 6: 40 } as const;
const IPV4_SUM_AT = 10;
const FRAGMENT_BYTES = 8;

/**
 * Changes the packet in its place.
 * @param blanks whether what may not stay becomes zeros, before anything is summed up
 * @returns how much of it may stay
 */
function redactIp(bytes: Buffer, names: Names, blanks: boolean): number {
  const packet = decodeIp(bytes);
  if (packet === undefined) return 0;
  const { family } = packet;
  const [source, destination] = [names.address(packet.source), names.address(packet.destination)];
  const at = ADDRESSES_AT[family];
  bytes.set(addressBytes(source), at);
  bytes.set(addressBytes(destination), at + ADDRESS_BYTES[family]);
  const payloadAt = packet.payload.byteOffset - bytes.byteOffset;
  const behind = payloadAt - FIXED_HEADER[family];
  if (family === 4) {
    // Options may hold the addresses of routers.
    bytes.fill(0, FIXED_HEADER[4], payloadAt);
    bytes.writeUInt16BE(0, IPV4_SUM_AT);
    bytes.writeUInt16BE(checksum(bytes.subarray(0, payloadAt)), IPV4_SUM_AT);
  } else if (behind !== 0 && behind !== FRAGMENT_BYTES) {
    return FIXED_HEADER[6];
  }
  const ends: Ends = { packet, source, destination, names, blanks };
  return payloadAt + redactTransport(packet.payload, ends);
}

interface Ends {
  /** As it was. */
  readonly packet: IpPacket;
  readonly source: string;
  readonly destination: string;
  readonly names: Names;
  readonly blanks: boolean;
}

/** Of TCP, UDP and ICMP: where the sum stands, and the bytes of the fixed header. */
const SUMS = {
  [PROTOCOL.tcp]: { at: 16, header: 20 },
  [PROTOCOL.udp]: { at: 6, header: UDP_HEADER },
  [PROTOCOL.icmp]: { at: 2, header: ICMP_HEADER },
  [PROTOCOL.icmpv6]: { at: 2, header: ICMP_HEADER },
} as const satisfies Readonly<Record<number, { at: number; header: number }>>;

function redactTransport(payload: Buffer, ends: Ends): number {
  const { packet } = ends;
  const { protocol, fragmentOffset, family } = packet;
  const sum = Object.entries(SUMS).find(([number]) => Number(number) === protocol)?.[1];
  // Behind the first, a fragment is payload from its beginning.
  if (sum === undefined || fragmentOffset > 0) return 0;
  if (payload.length < sum.header) {
    // As in an original datagram of 8 bytes: ports and what follows them.
    if (payload.length >= sum.at + 2) adjustSum(payload, sum.at, ends);
    return payload.length;
  }
  const kept = keptBytes(payload, ends);
  if (ends.blanks) payload.fill(0, kept);
  const isWhole = !packet.moreFragments && packet.totalBytes === wholeBytes(payload, packet);
  const isIcmp4 = family === 4 && protocol === PROTOCOL.icmp;
  if (!isWhole) adjustSum(payload, sum.at, ends);
  else if (protocol !== PROTOCOL.udp || payload.readUInt16BE(sum.at) !== 0) {
    payload.writeUInt16BE(0, sum.at);
    const pseudo = isIcmp4
      ? []
      : [pseudoHeader(ends.source, ends.destination, protocol, payload.length)];
    const made = protocol === PROTOCOL.udp ? udpChecksum : checksum;
    payload.writeUInt16BE(made(...pseudo, payload), sum.at);
  }
  return kept;
}

/** What the header states where all of the payload is there. */
function wholeBytes(payload: Buffer, { family, totalBytes }: IpPacket): number {
  const header = totalBytes - payload.length;
  return header >= FIXED_HEADER[family] ? payload.length + header : 0;
}

/** The sum of what is not whole here, for other addresses (RFC 1624 s.3). */
function adjustSum(payload: Buffer, at: number, { packet, source, destination }: Ends): void {
  const { protocol, family } = packet;
  const old = payload.readUInt16BE(at);
  if ((family === 4 && protocol === PROTOCOL.icmp) || (protocol === PROTOCOL.udp && old === 0))
    return;
  const before = ~checksum(addressBytes(packet.source), addressBytes(packet.destination)) & 0xffff;
  const after = ~checksum(addressBytes(source), addressBytes(destination)) & 0xffff;
  let sum = (~old & 0xffff) + (~before & 0xffff) + after;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  payload.writeUInt16BE(~sum & 0xffff, at);
}

const TCP_OFFSET_AT = 12;

/** How much of it others may read; what an ICMP error holds of a packet is changed in its place. */
function keptBytes(payload: Buffer, { packet, names }: Ends): number {
  const { protocol, family } = packet;
  if (protocol === PROTOCOL.tcp) {
    return Math.min(payload.length, (payload.readUInt8(TCP_OFFSET_AT) >> 4) * 4);
  }
  if (protocol === PROTOCOL.udp) {
    const isDns = [payload.readUInt16BE(0), payload.readUInt16BE(2)].includes(DNS_PORT);
    const data = payload.subarray(UDP_HEADER);
    return UDP_HEADER + (isDns ? redactDns(data, names) : cookieBytes(data));
  }
  if (decodeEcho(family, payload) !== undefined) {
    return ICMP_HEADER + cookieBytes(payload.subarray(ICMP_HEADER));
  }
  return redactOriginal(payload, packet, names);
}

/** The cookie, and what is filled with zeros behind it. */
function cookieBytes(data: Buffer): number {
  if (readCookie(data) === undefined) return 0;
  const isFilled = data.subarray(COOKIE_BYTES).every((byte) => byte === 0);
  return isFilled ? data.length : COOKIE_BYTES;
}

/** The original datagram of an error: what may not stay of it becomes zeros, as extensions stand behind it. */
function redactOriginal(payload: Buffer, { family }: IpPacket, names: Names): number {
  const error = decodeIcmpError(family, payload);
  if (error === undefined) return ICMP_HEADER;
  const original = payload.subarray(ICMP_HEADER, ICMP_HEADER + error.quotedBytes);
  original.fill(0, redactIp(original, names, true));
  return payload.length;
}
