// Addresses and ports of a dropped packet, from the headers that its record bears.

import { addressText } from "../packet/address.ts";
import type { Endpoints } from "./kernel-event.ts";
import { RECORD_BYTES } from "./record.ts";
import { IP_BYTES } from "./stack.ts";

/** Where each version keeps protocol and addresses, in bytes (RFC 791, RFC 8200). */
const FIELDS = {
  4: { protocol: 9, source: 12, destination: 16, length: 4 },
  6: { protocol: 6, source: 8, destination: 24, length: 16 },
} as const;
/** TCP, UDP, DCCP, SCTP, UDP-Lite: their ports are where UDP has them (IANA). */
const WITH_PORTS = [6, 17, 33, 132, 136];

/** @param offset of a record with headers */
export function readEndpoints(bytes: DataView, offset: number): Endpoints | null {
  const at = offset + RECORD_BYTES;
  const version = bytes.getUint8(at) >> 4;
  if (version !== 4 && version !== 6) return null;
  const fields = FIELDS[version];
  const address = (from: number) => {
    const raw = new Uint8Array(bytes.buffer, bytes.byteOffset + at + from, fields.length);
    return addressText(raw);
  };
  const hasPorts = WITH_PORTS.includes(bytes.getUint8(at + fields.protocol));
  return {
    source: address(fields.source),
    destination: address(fields.destination),
    sourcePort: hasPorts ? bytes.getUint16(at + IP_BYTES) : null,
    destinationPort: hasPorts ? bytes.getUint16(at + IP_BYTES + 2) : null,
  };
}
