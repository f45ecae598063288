// The kernel's tables by netlink (linux/netlink.h), whole or one entry: a program would cost the first packet its time.

import { AF_NETLINK, SOCK_CLOEXEC, SOCK_RAW } from "./constants.ts";
import { errnoName, type Libc } from "./libc.ts";
import { createReceiver } from "./message.ts";

/** linux/netlink.h */
export const NETLINK_ROUTE = 0;
const NLM_F_REQUEST = 0x1;
const NLM_F_DUMP_REQUEST = 0x301;
const NLMSG_DONE = 3;
const HEADER = 16;
const ATTRIBUTE_HEADER = 4;
/** NLA_F_NESTED and NLA_F_NET_BYTEORDER are no part of the type. */
const TYPE_MASK = 0x3fff;
/** struct sockaddr_nl: the kernel is port 0. */
const SOCKADDR_NL = 12;

export interface NetlinkMessage {
  readonly type: number;
  /** Behind the message's own header. */
  readonly body: Buffer;
}

/**
 * @param protocol NETLINK_ROUTE, NETLINK_NETFILTER
 * @param type of the request
 * @param body what stands behind the request's header
 * @returns errno's name where it cannot be read
 */
export function dumpTable(
  libc: Libc,
  protocol: number,
  type: number,
  body: Buffer,
): readonly NetlinkMessage[] | string {
  const dumper = openDumper(libc, protocol);
  if (typeof dumper === "string") return dumper;
  try {
    return dumper.dump(type, body);
  } finally {
    dumper.close();
  }
}

/**
 * One question with one answer, which the kernel has ready when the question is sent.
 * @param type of the request; `body` is what stands behind its header
 * @returns errno's name where there is none; an error that the kernel reports is a message of type NLMSG_ERROR
 */
export function askTable(
  libc: Libc,
  protocol: number,
  type: number,
  body: Buffer,
): NetlinkMessage | string {
  const fd = libc.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
  if (fd < 0) return errnoName(libc.errno());
  try {
    const request = requestOf(type, body, { sequence: 1, flags: NLM_F_REQUEST });
    if (!isSent(libc, fd, request)) return errnoName(libc.errno());
    const answer = createReceiver(libc, fd)(0);
    const [found] = answer === undefined ? [] : readPart(answer.data, 1).found;
    return found ?? errnoName(libc.errno());
  } finally {
    libc.close(fd);
  }
}

function isSent(libc: Libc, fd: number, request: Buffer): boolean {
  const kernel = Buffer.alloc(SOCKADDR_NL);
  kernel.writeUInt16LE(AF_NETLINK, 0);
  return libc.sendto(fd, request, request.length, 0, kernel, kernel.length) >= 0;
}

/** A netlink socket that stays open for one dump after the other. */
export interface Dumper {
  /** @returns errno's name where the table cannot be read */
  dump(type: number, body: Buffer): readonly NetlinkMessage[] | string;
  close(): void;
}

/** @returns errno's name where the kernel opens no such socket */
export function openDumper(libc: Libc, protocol: number): Dumper | string {
  const fd = libc.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
  if (fd < 0) return errnoName(libc.errno());
  const receive = createReceiver(libc, fd);
  let sequence = 0;
  const dump = (type: number, body: Buffer) => {
    sequence += 1;
    const request = requestOf(type, body, { sequence, flags: NLM_F_DUMP_REQUEST });
    if (!isSent(libc, fd, request)) return errnoName(libc.errno());
    const messages: NetlinkMessage[] = [];
    // The kernel makes a dump while it is read, so that nothing has to be waited for.
    for (let part = receive(0); part !== undefined; part = receive(0)) {
      const { found, done } = readPart(part.data, sequence);
      messages.push(...found);
      if (done) return messages;
    }
    return errnoName(libc.errno());
  };
  return { dump, close: () => libc.close(fd) };
}

/** A netlink socket that hears what the kernel tells a group of listeners. */
export interface Listener {
  /** What came since the last call, without waiting; `lost`: the kernel had no room for all of it. */
  take(): { readonly messages: readonly NetlinkMessage[]; readonly lost: boolean };
  close(): void;
}

/**
 * @param groups a bit for each group, the first in the lowest
 * @returns errno's name where the kernel lets this user hear none
 */
export function openListener(libc: Libc, protocol: number, groups: number): Listener | string {
  const fd = libc.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
  if (fd < 0) return errnoName(libc.errno());
  const own = Buffer.alloc(SOCKADDR_NL);
  own.writeUInt16LE(AF_NETLINK, 0);
  own.writeUInt32LE(groups, GROUPS_AT);
  if (libc.bind(fd, own, own.length) < 0) {
    const error = errnoName(libc.errno());
    libc.close(fd);
    return error;
  }
  const receive = createReceiver(libc, fd);
  const take = () => {
    const messages: NetlinkMessage[] = [];
    for (let part = receive(0); part !== undefined; part = receive(0)) {
      messages.push(...readPart(part.data, null).found);
    }
    return { messages, lost: errnoName(libc.errno()) === "ENOBUFS" };
  };
  return { take, close: () => libc.close(fd) };
}

/** struct sockaddr_nl: nl_groups. */
const GROUPS_AT = 8;

function requestOf(
  type: number,
  body: Buffer,
  { sequence, flags }: { readonly sequence: number; readonly flags: number },
): Buffer {
  const head = Buffer.alloc(HEADER);
  head.writeUInt32LE(HEADER + body.length, 0);
  head.writeUInt16LE(type, 4);
  head.writeUInt16LE(flags, 6);
  head.writeUInt32LE(sequence, SEQUENCE_AT);
  return Buffer.concat([head, body]);
}

const SEQUENCE_AT = 8;

/** @param sequence null: of any; what is left of an earlier dump is skipped */
function readPart(
  data: Buffer,
  sequence: number | null,
): {
  readonly found: readonly NetlinkMessage[];
  readonly done: boolean;
} {
  const found: NetlinkMessage[] = [];
  for (let at = 0; at + HEADER <= data.length; ) {
    const size = data.readUInt32LE(at);
    if (size < HEADER || at + size > data.length) break;
    const type = data.readUInt16LE(at + 4);
    const isWanted = sequence === null || data.readUInt32LE(at + SEQUENCE_AT) === sequence;
    if (isWanted && type === NLMSG_DONE) return { found, done: true };
    if (isWanted) found.push({ type, body: data.subarray(at + HEADER, at + size) });
    at += aligned(size);
  }
  return { found, done: false };
}

/** A request's attributes, each on four bytes. */
export function attributeBytes(all: readonly NetlinkAttribute[]): Buffer {
  return Buffer.concat(
    all.map(({ type, value }) => {
      const bytes = Buffer.alloc(aligned(ATTRIBUTE_HEADER + value.length));
      bytes.writeUInt16LE(ATTRIBUTE_HEADER + value.length, 0);
      bytes.writeUInt16LE(type, 2);
      value.copy(bytes, ATTRIBUTE_HEADER);
      return bytes;
    }),
  );
}

export interface NetlinkAttribute {
  readonly type: number;
  readonly value: Buffer;
}

/** Attributes in their order; those that are cut off are left out. */
export function attributesOf(bytes: Buffer): readonly NetlinkAttribute[] {
  const found: NetlinkAttribute[] = [];
  for (let at = 0; at + ATTRIBUTE_HEADER <= bytes.length; ) {
    const size = bytes.readUInt16LE(at);
    if (size < ATTRIBUTE_HEADER || at + size > bytes.length) break;
    const type = bytes.readUInt16LE(at + 2) & TYPE_MASK;
    found.push({ type, value: bytes.subarray(at + ATTRIBUTE_HEADER, at + size) });
    at += aligned(size);
  }
  return found;
}

function aligned(size: number): number {
  return (size + 3) & ~3;
}
