// struct tcp_info (linux/tcp.h) decoded by the length that this kernel returned.

import type { TcpInfo } from "../../src/schema/events/tcp.ts";
import { TCP_CLOSE, TCP_SYN_SENT } from "./constants.ts";

/** Room for the struct of kernels to come. */
export const TCP_INFO_MAX = 512;

/** The fields before tcpi_pacing_rate, which every kernel since 2.6 has. */
const BASE_SIZE = 104;
const SEGS_IN = 140;
const TCPI_OPT_TIMESTAMPS = 1;
const TCPI_OPT_SACK = 2;
const TCPI_OPT_WSCALE = 4;
const TCPI_OPT_ECN = 8;
const US_PER_MS = 1000;

/**
 * @param size the size that getsockopt returned, in bytes
 * @returns undefined when even the base fields are missing
 */
export function decodeTcpInfo(buffer: Buffer, size: number): TcpInfo | undefined {
  if (size < BASE_SIZE) return undefined;
  const u32 = (offset: number) => (offset + 4 <= size ? buffer.readUInt32LE(offset) : null);
  const u64 = (offset: number) =>
    offset + 8 <= size ? Number(buffer.readBigUInt64LE(offset)) : null;
  return {
    state: buffer.readUInt8(0),
    retransmits: buffer.readUInt8(2),
    backoff: buffer.readUInt8(4),
    timestamps: (buffer.readUInt8(5) & TCPI_OPT_TIMESTAMPS) !== 0,
    sndMss: buffer.readUInt32LE(16),
    rcvMss: buffer.readUInt32LE(20),
    unacked: buffer.readUInt32LE(24),
    sacked: buffer.readUInt32LE(28),
    pmtu: buffer.readUInt32LE(60),
    rttMs: buffer.readUInt32LE(68) / US_PER_MS,
    advMss: buffer.readUInt32LE(84),
    totalRetrans: buffer.readUInt32LE(100),
    bytesAcked: u64(120),
    bytesReceived: u64(128),
    segsOut: u32(136),
    dataSegsIn: u32(152),
    rcvOooPack: u32(224),
    ecn: (buffer.readUInt8(5) & TCPI_OPT_ECN) !== 0,
  };
}

/** Segments that came, of whatever kind (tcpi_segs_in, from Linux 4.2 on); null where the kernel does not count. */
export function decodeSegmentsIn(buffer: Buffer, size: number): number | null {
  return size < SEGS_IN + 4 ? null : buffer.readUInt32LE(SEGS_IN);
}

/** What both ends agreed on when the connection was made (tcpi_options, TCPI_OPT_*); of a connection that is there. */
export function decodeNegotiated(buffer: Buffer, size: number) {
  if (size < BASE_SIZE) return null;
  const options = buffer.readUInt8(5);
  const has = (flag: number) => (options & flag) !== 0;
  return {
    timestamps: has(TCPI_OPT_TIMESTAMPS),
    sack: has(TCPI_OPT_SACK),
    windowScaling: has(TCPI_OPT_WSCALE),
    ecn: has(TCPI_OPT_ECN),
  };
}
export type Negotiated = NonNullable<ReturnType<typeof decodeNegotiated>>;

/** Whether the far side accepted the connection, though it may have closed it again since. */
export function wasAccepted({ state }: TcpInfo): boolean {
  return state !== TCP_SYN_SENT && state !== TCP_CLOSE;
}
