// What the helper does for whoever asks, and nothing else: checked before the kernel sees any of it; pure.

import {
  AF_INET,
  AF_INET6,
  AF_PACKET,
  SO_BINDTODEVICE,
  SO_MARK,
  SO_RCVBUFFORCE,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOCK_RAW,
  SOL_SOCKET,
} from "../native/constants.ts";

const TYPE_MASK = 0xf;
const TYPE_FLAGS = SOCK_NONBLOCK | SOCK_CLOEXEC;
/** IANA's protocol numbers: ICMP, TCP, UDP, ICMPv6, and IPPROTO_RAW, whose headers the sender writes. */
const RAW_PROTOCOLS = new Set([1, 6, 17, 58, 255]);
const ETHERNET_PROTOCOL_MAX = 0xffff;

/** Raw sockets of IP, and packet sockets. */
export function allowsSocket(domain: number, type: number, protocol: number): boolean {
  const plain = type & TYPE_MASK;
  if ((type & ~(TYPE_MASK | TYPE_FLAGS)) !== 0) return false;
  if (domain === AF_INET || domain === AF_INET6) {
    return plain === SOCK_RAW && RAW_PROTOCOLS.has(protocol);
  }
  const isPacket = plain === SOCK_RAW || plain === SOCK_DGRAM;
  return domain === AF_PACKET && isPacket && protocol <= ETHERNET_PROTOCOL_MAX;
}

/** An interface's name with its NUL (net/if.h). */
const IF_NAMESIZE = 16;
const INT_BYTES = 4;
const RECEIVE_BUFFER_MAX = 64 << 20;

/** A packet's mark, an interface, and room for what comes. */
export function allowsOption(level: number, name: number, value: Buffer): boolean {
  if (level !== SOL_SOCKET) return false;
  if (name === SO_BINDTODEVICE) return value.length <= IF_NAMESIZE;
  if (value.length !== INT_BYTES) return false;
  return (
    name === SO_MARK || (name === SO_RCVBUFFORCE && value.readUInt32LE(0) <= RECEIVE_BUFFER_MAX)
  );
}

/** As the tool names its instances: a folder below tracefs, and never a path. */
export function allowsInstance(name: string): boolean {
  return /^wsl-trace-\d{1,10}-\d{1,10}$/.test(name);
}
