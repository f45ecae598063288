// The TCP header and the options of a SYN (RFC 9293 s.3.1, RFC 7323, RFC 2018).

import { checksum, pseudoHeader } from "./checksum.ts";
import { PROTOCOL } from "./ip.ts";
import { decodeOptions, encodeOptions, type ReadOptions } from "./tcp-options.ts";

const TCP_HEADER = 20;
/** Ports and sequence number: what a router returns at least (RFC 792). */
const ORIGINAL_AT_LEAST = 8;

export const TCP_FLAG = {
  fin: 0x01,
  syn: 0x02,
  reset: 0x04,
  push: 0x08,
  ack: 0x10,
  /** RFC 3168 s.6.1 */
  ece: 0x40,
  cwr: 0x80,
} as const;

/** Linux' own for a window of some MB (net/ipv4/tcp_output.c, tcp_select_initial_window). */
export const WINDOW_SCALE_SHIFT = 7;

export interface TcpFields {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly sequence: number;
  readonly acknowledgement: number;
  readonly flags: number;
  readonly window: number;
}

export interface TcpSegment extends TcpFields, Omit<ReadOptions, "kinds"> {
  readonly checksum: number;
  /** Kinds in their order without padding, as "2,4,8,3"; null where not all options are there. */
  readonly optionKinds: string | null;
  readonly payload: Buffer;
}

/** Ports and sequence number, and the whole segment where the original datagram is long enough for its header. */
export interface OriginalTcp {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly sequence: number;
  readonly segment: TcpSegment | null;
}

/** Linux' own, byte for byte: MSS, SACK permitted, timestamps, window scale 7. */
export function synOptions(mss: number, timestamp: number): Buffer {
  const timestamps = { value: timestamp, echo: 0 };
  return encodeOptions({ mss, sackPermitted: true, timestamps, windowScale: WINDOW_SCALE_SHIFT });
}

/** @param options a multiple of 4 bytes, 40 at most */
export function encodeTcp(
  endpoints: { readonly source: string; readonly destination: string },
  fields: TcpFields,
  options: Uint8Array,
  payload: Uint8Array,
): Buffer {
  const header = Buffer.alloc(TCP_HEADER + options.length);
  header.writeUInt16BE(fields.sourcePort, 0);
  header.writeUInt16BE(fields.destinationPort, 2);
  header.writeUInt32BE(fields.sequence, 4);
  header.writeUInt32BE(fields.acknowledgement, 8);
  header.writeUInt8((header.length / 4) << 4, 12);
  header.writeUInt8(fields.flags, 13);
  header.writeUInt16BE(fields.window, 14);
  header.set(options, TCP_HEADER);
  const length = header.length + payload.length;
  const pseudo = pseudoHeader(endpoints.source, endpoints.destination, PROTOCOL.tcp, length);
  header.writeUInt16BE(checksum(pseudo, header, payload), 16);
  return Buffer.concat([header, payload]);
}

/** Undefined where the fixed header is not whole; options that are cut off are read as far as they go. */
export function decodeTcp(bytes: Buffer): TcpSegment | undefined {
  if (bytes.length < TCP_HEADER) return undefined;
  const headerBytes = (bytes.readUInt8(12) >> 4) * 4;
  if (headerBytes < TCP_HEADER) return undefined;
  const { kinds, ...options } = decodeOptions(bytes.subarray(TCP_HEADER, headerBytes));
  return {
    sourcePort: bytes.readUInt16BE(0),
    destinationPort: bytes.readUInt16BE(2),
    sequence: bytes.readUInt32BE(4),
    acknowledgement: bytes.readUInt32BE(8),
    flags: bytes.readUInt8(13),
    window: bytes.readUInt16BE(14),
    checksum: bytes.readUInt16BE(16),
    ...options,
    optionKinds: bytes.length >= headerBytes ? kinds : null,
    payload: bytes.subarray(headerBytes),
  };
}

export function decodeOriginalTcp(bytes: Buffer): OriginalTcp | undefined {
  if (bytes.length < ORIGINAL_AT_LEAST) return undefined;
  return {
    sourcePort: bytes.readUInt16BE(0),
    destinationPort: bytes.readUInt16BE(2),
    sequence: bytes.readUInt32BE(4),
    segment: decodeTcp(bytes) ?? null,
  };
}
