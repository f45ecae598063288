// Packets by hand for codec tests: any fields, and ICMP errors with as much of the original datagram as a test wants.

import fc from "fast-check";
import { addressText } from "../../probes/packet/address.ts";
import { checksum } from "../../probes/packet/checksum.ts";
import type { Family } from "../../src/schema/events/common.ts";

/** Any address of a family, as the codecs write it. */
export function anyAddress(family: Family): fc.Arbitrary<string> {
  const length = family === 4 ? 4 : 16;
  return fc.uint8Array({ minLength: length, maxLength: length }).map(addressText);
}

export const anyPort = fc.nat(0xffff);

export function anyPayload(maxLength = 200): fc.Arbitrary<Buffer> {
  return fc.uint8Array({ maxLength }).map((bytes) => Buffer.from(bytes));
}

/**
 * An ICMP error around an original datagram (RFC 792, RFC 4884).
 * @param extended the extension structure, behind an original datagram that is padded to 128 bytes and counted
 */
export function icmpError(
  [type, code, info]: readonly [type: number, code: number, info: number],
  original: Uint8Array,
  extended?: Uint8Array,
): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt8(type, 0);
  header.writeUInt8(code, 1);
  header.writeUInt32BE(info, 4);
  const padded = Buffer.alloc(128);
  padded.set(original.subarray(0, 128));
  if (extended !== undefined) header.writeUInt8(padded.length / 4, 5);
  const body = extended === undefined ? [original] : [padded, extended];
  const bytes = Buffer.concat([header, ...body]);
  bytes.writeUInt16BE(checksum(bytes), 2);
  return bytes;
}
