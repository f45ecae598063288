// The record that a program writes for one event: its layout, and its decoding.

/** Byte offsets. */
export const RECORD = {
  timeNs: 0,
  location: 8,
  skb: 16,
  id: 24,
  ifindex: 28,
  netns: 32,
  reason: 36,
  length: 40,
  cpu: 44,
  hook: 48,
  icmpSentType: 50,
  icmpSentCode: 51,
  /** From here on as the parser keeps it on its stack. */
  parsed: 52,
  name: 72,
} as const;

/** What the parser found, byte offsets from RECORD.parsed. */
export const PARSED = {
  seq: 0,
  ack: 4,
  protocol: 8,
  ttl: 9,
  icmpType: 10,
  icmpCode: 11,
  match: 12,
  quoted: 13,
  version: 14,
  tcpFlags: 15,
} as const;

export const PARSED_BYTES = 16;
export const NAME_BYTES = 16;
export const RECORD_BYTES = RECORD.name + NAME_BYTES;
/** Behind it, in records that bear them: an IP header, an IPv4 one with what follows it, and the ports. */
export const HEADERS_BYTES = 44;

/** How a packet was known. */
export const MATCH = { cookie: 1, flow: 2, mark: 3, any: 4 } as const;

export interface KernelRecord {
  readonly monotonicMs: number;
  /** Return address in the kernel, its lower 48 bits (the upper ones are all the same); 0 for none. */
  readonly location: number;
  /** The packet's address: its lower 48 bits, which is all that differs. */
  readonly skb: number;
  /** Cookie, flow with its direction, or mark, by `match`. */
  readonly id: number;
  /** 0 for none. */
  readonly ifindex: number;
  readonly interface: string;
  readonly netns: number;
  readonly reason: number;
  readonly sizeBytes: number;
  readonly cpu: number;
  readonly hook: number;
  readonly icmpSentType: number;
  readonly icmpSentCode: number;
  readonly seq: number;
  readonly ack: number;
  readonly tcpFlags: number;
  readonly protocol: number;
  readonly ttl: number;
  readonly icmpType: number;
  readonly icmpCode: number;
  readonly match: number;
  readonly quoted: boolean;
  readonly version: number;
}

const NS_PER_MS = 1e6;
const WORD = 2 ** 32;

/** @param offset of a record of RECORD_BYTES */
export type RecordDecoder = (bytes: DataView, offset: number) => KernelRecord;

/** Hundreds of thousands of records may come in a second: plain reads, and no text made twice. */
export function createDecoder(): RecordDecoder {
  const nameAt = createNameReader();
  return (bytes, offset) => {
    return {
      monotonicMs:
        (u32(bytes, offset + RECORD.timeNs) + u32(bytes, offset + RECORD.timeNs + 4) * WORD) /
        NS_PER_MS,
      location: locationAt(bytes, offset),
      skb: u48(bytes, offset + RECORD.skb),
      id: u32(bytes, offset + RECORD.id),
      ifindex: u32(bytes, offset + RECORD.ifindex),
      interface: nameAt(bytes, offset + RECORD.name),
      netns: u32(bytes, offset + RECORD.netns),
      reason: u32(bytes, offset + RECORD.reason),
      sizeBytes: u32(bytes, offset + RECORD.length),
      cpu: u32(bytes, offset + RECORD.cpu),
      hook: bytes.getUint16(offset + RECORD.hook, true),
      icmpSentType: u8(bytes, offset + RECORD.icmpSentType),
      icmpSentCode: u8(bytes, offset + RECORD.icmpSentCode),
      seq: u32(bytes, offset + RECORD.parsed + PARSED.seq),
      ack: u32(bytes, offset + RECORD.parsed + PARSED.ack),
      tcpFlags: u8(bytes, offset + RECORD.parsed + PARSED.tcpFlags),
      protocol: u8(bytes, offset + RECORD.parsed + PARSED.protocol),
      ttl: u8(bytes, offset + RECORD.parsed + PARSED.ttl),
      icmpType: u8(bytes, offset + RECORD.parsed + PARSED.icmpType),
      icmpCode: u8(bytes, offset + RECORD.parsed + PARSED.icmpCode),
      match: u8(bytes, offset + RECORD.parsed + PARSED.match),
      quoted: u8(bytes, offset + RECORD.parsed + PARSED.quoted) !== 0,
      version: u8(bytes, offset + RECORD.parsed + PARSED.version),
    };
  };
}

/** See KernelRecord.location. */
export function locationAt(bytes: DataView, offset: number): number {
  return u48(bytes, offset + RECORD.location);
}

const u8 = (bytes: DataView, at: number) => bytes.getUint8(at);
const u32 = (bytes: DataView, at: number) => bytes.getUint32(at, true);
const u48 = (bytes: DataView, at: number) => u32(bytes, at) + bytes.getUint16(at + 4, true) * WORD;

interface KnownName {
  readonly first: bigint;
  readonly second: bigint;
  readonly name: string;
}

/** More interfaces than a system has. */
const NAMES_MAX = 1024;

function createNameReader(): (bytes: DataView, offset: number) => string {
  const known = new Map<number, KnownName>();
  return (bytes, offset) => {
    const first = bytes.getBigUint64(offset, true);
    const second = bytes.getBigUint64(offset + 8, true);
    // Any number will do, if the same name always has the same: what is found is compared.
    const key = bytes.getInt32(offset, true) ^ bytes.getInt32(offset + 4, true);
    const found = known.get(key);
    if (found !== undefined && found.first === first && found.second === second) return found.name;
    const name = textOf(Buffer.from(bytes.buffer, bytes.byteOffset + offset, NAME_BYTES));
    if (known.size > NAMES_MAX) known.clear();
    known.set(key, { first, second, name });
    return name;
  };
}

function textOf(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString("latin1", 0, end < 0 ? bytes.length : end);
}
