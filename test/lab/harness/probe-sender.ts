// Sends single packets from a namespace: UDP with any TTL, size, source and checksum, ICMP echo, and TCP SYNs.

import {
  AF_INET,
  AF_INET6,
  IP_MTU_DISCOVER,
  IP_TTL,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPV6_MTU,
  IPV6_MTU_DISCOVER,
  IPV6_UNICAST_HOPS,
  PMTUDISC_PROBE,
  SOCK_DGRAM,
  SOL_SOCKET,
} from "../../../probes/native/constants.ts";
import type { Libc } from "../../../probes/native/libc.ts";
import { encodeSockaddr } from "../../../probes/native/sockaddr.ts";
import { writeCookie } from "../../../probes/packet/cookie.ts";
import { inNetns } from "./netns.ts";

export type IpFamily = 4 | 6;

export interface UdpOptions {
  readonly ttl?: number;
  readonly size?: number;
  readonly source?: string;
  readonly mark?: number;
  /** Options in the IPv4 header, or a header of destination options before UDP's. */
  readonly headerOptions?: boolean;
  /** In fragments if it is too big for the link. */
  readonly fragments?: boolean;
}

export interface Sender {
  udp(to: string, port: number, cookie: number, options?: UdpOptions): void;
  /** A UDP header with a checksum that cannot be right. */
  badUdp(to: string, port: number, cookie: number): void;
  echo(to: string, cookie: number): void;
  syn(from: string, to: string, port: number, cookie: number): void;
  close(): void;
}

const SOCK_RAW = 3;
const PROTOCOL = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 } as const;
const SO_RCVBUF = 8;
const SO_MARK = 36;
/** linux/in.h, linux/in6.h; the padding is four NOPs (RFC 791), and a header with PadN (RFC 8200). */
const IP_OPTIONS = {
  level: IPPROTO_IP,
  hops: IP_TTL,
  discover: IP_MTU_DISCOVER,
  header: 4,
  padding: [1, 1, 1, 1],
};
const IPV6_OPTIONS = {
  level: IPPROTO_IPV6,
  hops: IPV6_UNICAST_HOPS,
  discover: IPV6_MTU_DISCOVER,
  header: 59,
  padding: [0, 0, 1, 4, 0, 0, 0, 0],
};
const PMTUDISC_DONT = 0;
/** RFC 8200, 5 */
const IPV6_MIN_MTU = 1280;

function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value | 0);
  return bytes;
}

const familyOf = (address: string): IpFamily => (address.includes(":") ? 6 : 4);

export function createSender(libc: Libc, netns: string): Sender {
  const fds: number[] = [];
  const open = (family: IpFamily, type: number, protocol: number): number => {
    const fd = inNetns(netns, () => libc.socket(family === 4 ? AF_INET : AF_INET6, type, protocol));
    if (fd < 0) throw new Error(`socket: errno ${libc.errno()}`);
    fds.push(fd);
    return fd;
  };
  const set = (fd: number, level: number, name: number, value: Buffer) => {
    if (libc.setsockopt(fd, level, name, value, value.length) < 0) throw new Error("setsockopt");
  };
  const setOptions = (fd: number, family: IpFamily, options: UdpOptions) => {
    const { level, hops, discover, header, padding } = family === 4 ? IP_OPTIONS : IPV6_OPTIONS;
    // A size that was too big once is to be too big again, whatever the kernel has learned.
    set(fd, level, discover, int(options.fragments ? PMTUDISC_DONT : PMTUDISC_PROBE));
    // However much of the path the kernel has learned: fragments that fit everywhere.
    if (options.fragments && family === 6) set(fd, level, IPV6_MTU, int(IPV6_MIN_MTU));
    if (options.ttl !== undefined) set(fd, level, hops, int(options.ttl));
    if (options.mark !== undefined) set(fd, SOL_SOCKET, SO_MARK, int(options.mark));
    if (options.headerOptions) set(fd, level, header, Buffer.from(padding));
  };
  const send = (fd: number, data: Buffer, to: string, port: number) => {
    const address = encodeSockaddr(to, port);
    if (libc.sendto(fd, data, data.length, 0, address, address.length) < 0) {
      throw new Error(`sendto: errno ${libc.errno()}`);
    }
  };
  return {
    udp: (to, port, cookie, { size = 48, source, ...options } = {}) => {
      const family = familyOf(to);
      const fd = open(family, SOCK_DGRAM, 0);
      setOptions(fd, family, options);
      if (source !== undefined) {
        const address = encodeSockaddr(source, 0);
        if (libc.bind(fd, address, address.length) < 0) throw new Error("bind");
      }
      const payload = Buffer.alloc(size);
      writeCookie(payload, cookie);
      send(fd, payload, to, port);
    },
    badUdp: (to, port, cookie) => {
      const datagram = Buffer.alloc(8 + 48);
      datagram.writeUInt16BE(40_000, 0);
      datagram.writeUInt16BE(port, 2);
      datagram.writeUInt16BE(datagram.length, 4);
      datagram.writeUInt16BE(1, 6);
      writeCookie(datagram.subarray(8), cookie);
      send(open(familyOf(to), SOCK_RAW, PROTOCOL.udp), datagram, to, 0);
    },
    echo: (to, cookie) => {
      const family = familyOf(to);
      const message = Buffer.alloc(8 + 48);
      message.writeUInt8(family === 4 ? 8 : 128, 0);
      writeCookie(message.subarray(8), cookie);
      if (family === 4) message.writeUInt16BE(checksum(message), 2);
      // The kernel itself fills the checksum of ICMPv6 in (RFC 3542, 3.1).
      const protocol = family === 4 ? PROTOCOL.icmp : PROTOCOL.icmpv6;
      send(open(family, SOCK_RAW, protocol), message, to, 0);
    },
    syn: (from, to, port, cookie) => {
      const segment = Buffer.alloc(20);
      segment.writeUInt16BE(40_001, 0);
      segment.writeUInt16BE(port, 2);
      segment.writeUInt32BE(cookie, 4);
      segment.writeUInt8(5 << 4, 12);
      segment.writeUInt8(2, 13);
      segment.writeUInt16BE(1024, 14);
      const ends = Buffer.concat([from, to].map((address) => addressOf(address)));
      const rest = Buffer.from([0, PROTOCOL.tcp, 0, segment.length]);
      segment.writeUInt16BE(checksum(Buffer.concat([ends, rest, segment])), 16);
      send(open(familyOf(to), SOCK_RAW, PROTOCOL.tcp), segment, to, 0);
    },
    close: () => {
      for (const fd of fds.splice(0)) libc.close(fd);
    },
  };
}

/** A UDP socket with the smallest buffer there is, which nobody reads; closes it when called. */
export function openFullSocket(libc: Libc, netns: string, address: string, port: number) {
  const family = familyOf(address) === 4 ? AF_INET : AF_INET6;
  const fd = inNetns(netns, () => libc.socket(family, SOCK_DGRAM, 0));
  const small = Buffer.from([1, 0, 0, 0]);
  libc.setsockopt(fd, SOL_SOCKET, SO_RCVBUF, small, 4);
  const name = encodeSockaddr(address, port);
  if (libc.bind(fd, name, name.length) < 0) throw new Error(`bind: errno ${libc.errno()}`);
  return () => libc.close(fd);
}

function addressOf(address: string): Buffer {
  const bytes = encodeSockaddr(address, 0);
  return familyOf(address) === 4 ? bytes.subarray(4, 8) : bytes.subarray(8, 24);
}

/** RFC 1071, of an even number of bytes */
function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let i = 0; i + 1 < bytes.length; i += 2) sum += bytes.readUInt16BE(i);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
