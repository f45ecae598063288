// The TCP header and the options of a SYN (RFC 9293 s.3.1, RFC 7323, RFC 2018).

import { checksum, pseudoHeader } from "./checksum.ts";
import { PROTOCOL } from "./ip.ts";

const TCP_HEADER = 20;
/** Ports and sequence number: what a router returns at least (RFC 792). */
const ORIGINAL_AT_LEAST = 8;

export const TCP_FLAG = { fin: 0x01, syn: 0x02, reset: 0x04, ack: 0x10 } as const;

const END = 0;
const NO_OPERATION = 1;
const MSS = 2;
const MSS_BYTES = 4;

export interface TcpFields {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly sequence: number;
  readonly acknowledgement: number;
  readonly flags: number;
  readonly window: number;
}

export interface TcpSegment extends TcpFields {
  readonly checksum: number;
  /** Null where the segment has none. */
  readonly mss: number | null;
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
  const options = Buffer.from([
    MSS,
    MSS_BYTES,
    0,
    0,
    4,
    2,
    8,
    10,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    1,
    3,
    3,
    7,
  ]);
  options.writeUInt16BE(mss, 2);
  options.writeUInt32BE(timestamp, 8);
  return options;
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
  return {
    sourcePort: bytes.readUInt16BE(0),
    destinationPort: bytes.readUInt16BE(2),
    sequence: bytes.readUInt32BE(4),
    acknowledgement: bytes.readUInt32BE(8),
    flags: bytes.readUInt8(13),
    window: bytes.readUInt16BE(14),
    checksum: bytes.readUInt16BE(16),
    ...optionsIn(bytes.subarray(TCP_HEADER, headerBytes), bytes.length >= headerBytes),
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

interface Options {
  readonly mss: number | null;
  readonly optionKinds: string | null;
}

function optionsIn(options: Buffer, isWhole: boolean): Options {
  const kinds: number[] = [];
  let mss: number | null = null;
  let at = 0;
  while (at < options.length && options.readUInt8(at) !== END) {
    const kind = options.readUInt8(at);
    const length = kind === NO_OPERATION ? 1 : (options[at + 1] ?? 0);
    const isSingle = kind === NO_OPERATION;
    if ((!isSingle && length < 2) || at + length > options.length)
      return { mss, optionKinds: null };
    if (kind === MSS && length === MSS_BYTES) mss ??= options.readUInt16BE(at + 2);
    if (!isSingle) kinds.push(kind);
    at += length;
  }
  return { mss, optionKinds: isWhole ? kinds.join(",") : null };
}
