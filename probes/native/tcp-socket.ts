// A TCP socket whose connect does not block, with TCP_MAXSEG before and TCP_INFO at any time.

import net from "node:net";
import { constants } from "node:os";
import type { Family } from "../../src/schema/events/common.ts";
import type { Connection } from "./connection.ts";
import {
  AF_INET,
  AF_INET6,
  IP_TTL,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPPROTO_TCP,
  IPV6_UNICAST_HOPS,
  POLLOUT,
  SO_ERROR,
  SO_LINGER,
  SOCK_CLOEXEC,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  SOL_SOCKET,
  TCP_INFO,
  TCP_MAXSEG,
  TCP_QUICKACK,
} from "./constants.ts";
import { errnoName, type Libc } from "./libc.ts";
import { encodeSockaddr, SOCKADDR_MAX } from "./sockaddr.ts";
import {
  decodeNegotiated,
  decodeSegmentsIn,
  decodeTcpInfo,
  TCP_INFO_MAX,
  wasAccepted,
} from "./tcp-info.ts";

export interface TcpSocket extends Connection {
  readonly fd: number;
  /** Segments that came, the SYN's answer among them; null where the kernel does not count. */
  segmentsIn(): number | null;
}

export type TcpOpen =
  | { readonly kind: "connecting"; readonly socket: TcpSocket }
  /** The kernel had an answer at once: no route, a filter of this machine. */
  | { readonly kind: "failed"; readonly error: string }
  /** Refused before connect: a word of this machine, and none of the network. */
  | { readonly kind: "not-made"; readonly call: string; readonly error: string };

/** A socket option to set before connect; an optional one may be refused. */
export interface SocketOption {
  readonly level: number;
  readonly name: number;
  readonly value: Buffer;
  readonly optional: boolean;
}

/** struct linger {1, 0}: a reset instead of an orderly end, so that the server keeps nothing. */
export const RESET_AT_END: SocketOption = {
  level: SOL_SOCKET,
  name: SO_LINGER,
  value: Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]),
  optional: true,
};

/** Ports of this machine that a connection may leave from: of the kernel's choice, or this one. */
export interface LocalPort {
  /** 0 until the kernel has chosen one; it stays for the connections that follow. */
  number: number;
}

/**
 * Starts a connection and returns at once; watch `info().state` and `takeError()`.
 * @param mss TCP_MAXSEG in bytes, null for the kernel's own choice
 * @param zoneIndex interface index for IPv6 link-local targets, else 0
 * @param from the port to leave from; without, every connection gets another
 */
export function openTcp(
  libc: Libc,
  to: {
    readonly family: Family;
    readonly address: string;
    readonly port: number;
    readonly zoneIndex?: number;
  },
  mss: number | null,
  options: readonly SocketOption[] = [],
  from?: LocalPort,
  beforeConnect: (fd: number) => unknown = () => undefined,
): TcpOpen {
  const domain = to.family === 4 ? AF_INET : AF_INET6;
  const fd = libc.socket(domain, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
  if (fd < 0) return { kind: "not-made", call: "socket()", error: errnoName(libc.errno()) };
  const closed = (): string => {
    const error = errnoName(libc.errno());
    libc.close(fd);
    return error;
  };
  const notMade = (call: string): TcpOpen => ({ kind: "not-made", call, error: closed() });
  if (mss !== null) {
    const value = Buffer.alloc(4);
    value.writeInt32LE(mss);
    if (libc.setsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, value, 4) < 0) return notMade("TCP_MAXSEG");
  }
  for (const { level, name, value, optional } of options) {
    const result = libc.setsockopt(fd, level, name, value, value.length);
    if (result < 0 && !optional) return notMade("a socket option");
  }
  if (from !== undefined && !bindTo(libc, fd, to.family, from)) return notMade("bind()");
  beforeConnect(fd);
  const address = encodeSockaddr(to.address, to.port, to.zoneIndex ?? 0);
  if (libc.connect(fd, address, address.length) < 0) {
    const errno = libc.errno();
    if (errno !== constants.errno.EINPROGRESS) return { kind: "failed", error: closed() };
  }
  return { kind: "connecting", socket: watch(libc, fd, to.family) };
}

/** Takes the port, or the kernel's choice, which is then kept in `from`. */
function bindTo(libc: Libc, fd: number, family: Family, from: LocalPort): boolean {
  const local = encodeSockaddr(family === 4 ? "0.0.0.0" : "::", from.number);
  if (libc.bind(fd, local, local.length) < 0) return false;
  const bound = Buffer.alloc(SOCKADDR_MAX);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(SOCKADDR_MAX);
  if (libc.getsockname(fd, bound, size) < 0) return false;
  from.number = bound.readUInt16BE(2);
  return true;
}

/** Takes a limit back (ip(7), ipv6(7)). */
const USUAL_HOPS = -1;

function watch(libc: Libc, fd: number, family: Family): TcpSocket {
  const buffer = Buffer.alloc(TCP_INFO_MAX);
  const size = Buffer.alloc(4);
  const errno = Buffer.alloc(4);
  const readInfo = <T>(decode: (buffer: Buffer, size: number) => T): T | undefined => {
    size.writeUInt32LE(TCP_INFO_MAX);
    if (libc.getsockopt(fd, IPPROTO_TCP, TCP_INFO, buffer, size) < 0) return undefined;
    return decode(buffer, size.readUInt32LE());
  };
  const info = () => readInfo(decodeTcpInfo);
  return {
    fd,
    stream: () => new net.Socket({ fd, readable: true, writable: true }),
    takeError: () => {
      size.writeUInt32LE(4);
      if (libc.getsockopt(fd, SOL_SOCKET, SO_ERROR, errno, size) < 0) {
        return errnoName(libc.errno());
      }
      const number = errno.readInt32LE();
      return number === 0 ? null : errnoName(number);
    },
    info,
    accepted: () => {
      const seen = info();
      return seen === undefined ? isWritable(libc, fd) : wasAccepted(seen);
    },
    negotiated: () => readInfo(decodeNegotiated) ?? null,
    segmentsIn: () => readInfo(decodeSegmentsIn) ?? null,
    holdAcks: (held) => {
      const [level, name] = family === 4 ? [IPPROTO_IP, IP_TTL] : [IPPROTO_IPV6, IPV6_UNICAST_HOPS];
      const value = Buffer.alloc(4);
      value.writeInt32LE(held ? 1 : USUAL_HOPS);
      // Where either is refused, less is shown and nothing is harmed.
      libc.setsockopt(fd, level, name, value, value.length);
      libc.setsockopt(
        fd,
        IPPROTO_TCP,
        TCP_QUICKACK,
        Buffer.from(Int32Array.of(held ? 0 : 1).buffer),
        4,
      );
    },
    close: () => {
      libc.close(fd);
    },
  };
}

/** struct pollfd: int fd, short events, short revents. */
const POLLFD_BYTES = 8;

/** A connected socket can be written to; one whose SYN is out cannot (tcp(7), connect(2): EINPROGRESS). */
function isWritable(libc: Libc, fd: number): boolean {
  const asked = Buffer.alloc(POLLFD_BYTES);
  asked.writeInt32LE(fd, 0);
  asked.writeInt16LE(POLLOUT, 4);
  // Anything beside it is an error or the end, which SO_ERROR has.
  return libc.poll(asked, 1, 0) === 1 && asked.readInt16LE(6) === POLLOUT;
}
