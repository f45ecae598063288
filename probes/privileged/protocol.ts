// What the tool and its helper say to each other: a message is a kind and a list of fields, and every length is checked.
//
// u8 version, u8 kind or 0 for an answer, u16 number of fields, then each field: u32 length and its bytes; little-endian.

import { MESSAGE_MAX } from "../native/fd-channel.ts";

/** What can be asked for; the fields of each stand beside it. */
export const KIND = {
  /** domain, type, protocol. The answer carries the socket. */
  socket: 1,
  /** level, name, the value; a socket goes with it. */
  option: 2,
  /** command, the attribute, then for each pointer its place and its bytes; map descriptors go with it. */
  bpf: 3,
  /** Nothing. The answer carries /proc/kallsyms, opened by root. */
  symbols: 4,
  /** Nothing. The answer carries a file with what `nft -j list ruleset` printed. */
  ruleset: 5,
  /** Nothing. The answer carries a file with the kernel's dump of nftables' rules (NFT_MSG_GETRULE). */
  rules: 6,
  /** The instance's name; three descriptors go with it: standard input, output and error. */
  tracefs: 7,
} as const;

export type Kind = (typeof KIND)[keyof typeof KIND];

export interface Frame {
  /** Null for an answer. */
  readonly kind: Kind | null;
  readonly fields: readonly Buffer[];
}

const VERSION = 1;
const HEADER = 4;
const LENGTH = 4;
const FIELDS_MAX = 16;
const KINDS: ReadonlyMap<number, Kind> = new Map(Object.values(KIND).map((kind) => [kind, kind]));

/** Null where it is too long for one message. */
export function encodeFrame({ kind, fields }: Frame): Buffer | null {
  const header = Buffer.alloc(HEADER);
  header.writeUInt8(VERSION, 0);
  header.writeUInt8(kind ?? 0, 1);
  header.writeUInt16LE(fields.length, 2);
  const bytes = Buffer.concat([header, encodeList(fields)]);
  return bytes.length > MESSAGE_MAX || fields.length > FIELDS_MAX ? null : bytes;
}

/** Null for whatever is no whole message of this version: cut off, with bytes behind its end, of an unknown kind. */
export function decodeFrame(bytes: Buffer): Frame | null {
  if (bytes.length < HEADER || bytes.readUInt8(0) !== VERSION) return null;
  const number = bytes.readUInt8(1);
  const kind = number === 0 ? null : KINDS.get(number);
  const count = bytes.readUInt16LE(2);
  if (kind === undefined || count > FIELDS_MAX) return null;
  const fields = decodeList(bytes.subarray(HEADER));
  return fields?.length === count ? { kind, fields } : null;
}

export function numberField(value: number): Buffer {
  const bytes = Buffer.alloc(LENGTH);
  bytes.writeUInt32LE(value >>> 0, 0);
  return bytes;
}

/** Null for a field that is absent or no number of 32 bits. */
export function numberOf(field: Buffer | undefined): number | null {
  return field?.length === LENGTH ? field.readUInt32LE(0) : null;
}

/** Of an answer: what the call returned, and errno where it failed. */
export interface Outcome {
  /** Negative for a failure. */
  readonly result: number;
  readonly errno: number;
  /** What the kernel wrote, in the order of the request's pointers. */
  readonly written: readonly Buffer[];
}

const OUTCOME_BYTES = 8;

export function encodeOutcome({ result, errno, written }: Outcome): Buffer | null {
  const head = Buffer.alloc(OUTCOME_BYTES);
  head.writeInt32LE(result, 0);
  head.writeInt32LE(errno, 4);
  return encodeFrame({ kind: null, fields: [head, ...written] });
}

/** Null for what is no answer. */
export function decodeOutcome(bytes: Buffer): Outcome | null {
  const frame = decodeFrame(bytes);
  const [head, ...written] = frame?.fields ?? [];
  if (frame?.kind !== null || head?.length !== OUTCOME_BYTES) return null;
  return { result: head.readInt32LE(0), errno: head.readInt32LE(4), written };
}

/** Buffers one after the other, each behind its length. */
export function encodeList(items: readonly Buffer[]): Buffer {
  return Buffer.concat(items.flatMap((item) => [numberField(item.length), item]));
}

/** Null for what is no such list. */
export function decodeList(bytes: Buffer): readonly Buffer[] | null {
  const items: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = numberOf(bytes.subarray(at, at + LENGTH));
    if (length === null || length > bytes.length - at - LENGTH) return null;
    items.push(bytes.subarray(at + LENGTH, at + LENGTH + length));
    at += LENGTH + length;
  }
  return items;
}
