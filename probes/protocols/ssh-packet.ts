// SSH's packets before encryption, and the two messages that are put together here (RFC 4253 s.6, s.7.1; RFC 4251 s.5).

import type { Talk } from "./conversation.ts";
import type { Inbox } from "./inbox.ts";
import { readBytes } from "./talk.ts";

export const SSH_MSG = { disconnect: 1, kexInit: 20, kexDhInit: 30, kexDhReply: 31 } as const;

/** RFC 4253 s.6.1: what everybody must take. */
export const MAX_PACKET = 35_000;
/** Before encryption, packets are a multiple of 8 bytes with at least 4 of padding (s.6). */
const BLOCK = 8;
const MIN_PADDING = 4;
const LENGTH_BYTES = 4;
const COOKIE_BYTES = 16;
/** Key exchange, host key, two ciphers, two MACs, two compressions, two languages (s.7.1). */
const NAME_LISTS = 10;

export interface KexInit {
  readonly kex: readonly string[];
  readonly hostKeys: readonly string[];
}

export function packet(payload: Buffer, random: (bytes: number) => Buffer): Buffer {
  const bare = LENGTH_BYTES + 1 + payload.length + MIN_PADDING;
  const padding = MIN_PADDING + ((BLOCK - (bare % BLOCK)) % BLOCK);
  const head = Buffer.alloc(LENGTH_BYTES + 1);
  head.writeUInt32BE(1 + payload.length + padding, 0);
  head.writeUInt8(padding, LENGTH_BYTES);
  return Buffer.concat([head, payload, random(padding)]);
}

/** The payload of the next packet; null for what cannot be one. */
export function* readPacket(inbox: Inbox): Talk<Buffer | null> {
  const length = (yield* readBytes(inbox, LENGTH_BYTES)).readUInt32BE(0);
  if (length < 1 + MIN_PADDING || length > MAX_PACKET) return null;
  const body = yield* readBytes(inbox, length);
  const padding = body.readUInt8(0);
  return padding + 1 >= length ? null : body.subarray(1, length - padding);
}

export function kexInit(lists: readonly (readonly string[])[], cookie: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from([SSH_MSG.kexInit]),
    cookie,
    ...lists.map((names) => string(Buffer.from(names.join(","), "latin1"))),
    // No guess follows; reserved.
    Buffer.alloc(5),
  ]);
}

/** Null where the lists do not end inside the message. */
export function readKexInit(payload: Buffer): KexInit | null {
  const lists: string[][] = [];
  let at = 1 + COOKIE_BYTES;
  for (let n = 0; n < NAME_LISTS; n += 1) {
    if (at + LENGTH_BYTES > payload.length) return null;
    const end = at + LENGTH_BYTES + payload.readUInt32BE(at);
    if (end > payload.length) return null;
    lists.push(payload.toString("latin1", at + LENGTH_BYTES, end).split(","));
    at = end;
  }
  const [kex = [], hostKeys = []] = lists;
  return { kex, hostKeys };
}

export function string(bytes: Buffer): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
