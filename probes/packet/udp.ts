// The UDP header (RFC 768).

import { pseudoHeader, udpChecksum } from "./checksum.ts";
import { PROTOCOL } from "./ip.ts";

export const UDP_HEADER = 8;

export interface UdpDatagram {
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Header and data, as the header states. */
  readonly length: number;
  /** 0: the sender made none. */
  readonly checksum: number;
  readonly payload: Buffer;
}

export function encodeUdp(
  endpoints: { readonly source: string; readonly destination: string },
  ports: { readonly source: number; readonly destination: number },
  payload: Uint8Array,
): Buffer {
  const header = Buffer.alloc(UDP_HEADER);
  const length = UDP_HEADER + payload.length;
  header.writeUInt16BE(ports.source, 0);
  header.writeUInt16BE(ports.destination, 2);
  header.writeUInt16BE(length, 4);
  const pseudo = pseudoHeader(endpoints.source, endpoints.destination, PROTOCOL.udp, length);
  header.writeUInt16BE(udpChecksum(pseudo, header, payload), 6);
  return Buffer.concat([header, payload]);
}

/** Undefined where the header is not whole: every router that follows RFC 792 returns as much. */
export function decodeUdp(bytes: Buffer): UdpDatagram | undefined {
  if (bytes.length < UDP_HEADER) return undefined;
  return {
    sourcePort: bytes.readUInt16BE(0),
    destinationPort: bytes.readUInt16BE(2),
    length: bytes.readUInt16BE(4),
    checksum: bytes.readUInt16BE(6),
    payload: bytes.subarray(UDP_HEADER),
  };
}
