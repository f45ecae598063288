// The Internet checksum of IP, ICMP, UDP and TCP, with their pseudo headers (RFC 1071, RFC 768, RFC 8200 s.8.1).

import { addressBytes } from "./address.ts";

/** The checksum to write: over all parts as if they stood in one piece. */
export function checksum(...parts: readonly Uint8Array[]): number {
  return ~onesSum(parts) & 0xffff;
}

/** Whether bytes that hold their own checksum add up. */
export function isSound(...parts: readonly Uint8Array[]): boolean {
  return onesSum(parts) === 0xffff;
}

/** What UDP writes: 0 would mean that there is none (RFC 768). */
export function udpChecksum(...parts: readonly Uint8Array[]): number {
  return checksum(...parts) || 0xffff;
}

/** Source, destination, length and protocol, which TCP, UDP and ICMPv6 sum along with their own bytes. */
export function pseudoHeader(
  source: string,
  destination: string,
  protocol: number,
  length: number,
): Buffer {
  const addresses = Buffer.concat([addressBytes(source), addressBytes(destination)]);
  const isV4 = addresses.length === 8;
  const rest = Buffer.alloc(isV4 ? 4 : 8);
  if (isV4) {
    rest.writeUInt8(protocol, 1);
    rest.writeUInt16BE(length, 2);
  } else {
    rest.writeUInt32BE(length, 0);
    rest.writeUInt8(protocol, 7);
  }
  return Buffer.concat([addresses, rest]);
}

function onesSum(parts: readonly Uint8Array[]): number {
  let sum = 0;
  let at = 0;
  for (const part of parts) {
    for (const byte of part) {
      sum += at % 2 === 0 ? byte * 256 : byte;
      at += 1;
    }
  }
  while (sum > 0xffff) sum = (sum % 0x10000) + Math.floor(sum / 0x10000);
  return sum;
}
