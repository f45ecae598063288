// Which ports are this run's: noted as its sockets get them, so that no packet of another program is kept.

import {
  AF_INET,
  AF_INET6,
  SO_MARK,
  SOCK_RAW,
  SOCK_STREAM,
  SOL_SOCKET,
} from "../native/constants.ts";
import type { Libc } from "../native/libc.ts";
import { SOCKADDR_MAX } from "../native/sockaddr.ts";
import { PROTOCOL } from "../packet/ip.ts";

export interface OwnFlow {
  /** SO_MARK of its socket; null without one. */
  readonly mark: number | null;
  /** Wall clock in nanoseconds: from when its socket is there, and until when it was; null while it is open. */
  readonly sinceNs: bigint;
  readonly untilNs: bigint | null;
}

export interface OwnFlows {
  /** The same system calls, of which those are noted that make and end a socket. */
  observe(libc: Libc): Libc;
  /** Looks up the ports that sockets have got since. */
  settle(): void;
  /** The flow of a TCP or UDP port, or of an echo identifier, at that time. */
  find(protocol: number, port: number, atNs: bigint): OwnFlow | undefined;
}

/** What comes for a socket that was closed: the last segments of its connection, and late answers. */
const AFTERWARDS_NS = 3_000_000_000n;
/** struct sockaddr_in and sockaddr_in6: the port stands behind the family, in network order. */
const PORT_AT = 2;
/** The bits of a socket's type that are no flags. */
const TYPE_MASK = 0xf;

type Noted = { -readonly [Key in keyof OwnFlow]: OwnFlow[Key] };

interface OpenSocket {
  readonly protocol: number;
  readonly flow: Noted;
}

export function createOwnFlows(): OwnFlows {
  const flows = new Map<string, Noted[]>();
  const sockets = new Map<number, OpenSocket>();
  /** Without a port as yet. */
  const pending = new Set<number>();
  let calls: Libc | null = null;
  const note = (fd: number) => {
    const socket = sockets.get(fd);
    const port = calls === null || socket === undefined ? 0 : portOf(calls, fd);
    if (socket === undefined || port === 0) return;
    const key = `${socket.protocol} ${port}`;
    flows.set(key, [...(flows.get(key) ?? []), socket.flow]);
    pending.delete(fd);
  };
  const settle = () => {
    for (const fd of pending) note(fd);
  };
  /** At once: Node closes a stream by itself, and a short connection is over before anybody looks again. */
  const noted = (fd: number, result: number): number => {
    // What succeeds leaves errno as it is (errno(3)): it still belongs to the call before.
    if (pending.has(fd)) note(fd);
    return result;
  };
  const end = (fd: number, atNs: bigint) => {
    const socket = sockets.get(fd);
    if (socket !== undefined) socket.flow.untilNs = atNs;
    sockets.delete(fd);
    pending.delete(fd);
  };
  return {
    settle,
    find: (protocol, port, atNs) =>
      flows
        .get(`${protocol} ${port}`)
        ?.find(
          ({ sinceNs, untilNs }) =>
            atNs >= sinceNs && (untilNs === null || atNs <= untilNs + AFTERWARDS_NS),
        ),
    observe: (libc) => {
      calls = libc;
      return {
        ...libc,
        socket: (domain, type, protocol) => {
          // Before the call: nothing may come between one and its errno.
          settle();
          const atNs = libc.realtimeNs();
          const fd = libc.socket(domain, type, protocol);
          // Of a stream that Node has closed by itself.
          if (fd >= 0) end(fd, atNs);
          const isIp = domain === AF_INET || domain === AF_INET6;
          if (fd < 0 || !isIp || (type & TYPE_MASK) === SOCK_RAW) return fd;
          const flow = { mark: null, sinceNs: atNs, untilNs: null };
          sockets.set(fd, { protocol: protocolOf(type, protocol), flow });
          pending.add(fd);
          return fd;
        },
        connect: (fd, address, size) => noted(fd, libc.connect(fd, address, size)),
        bind: (fd, address, size) => noted(fd, libc.bind(fd, address, size)),
        setsockopt: (fd, level, name, value, size) => {
          const flow = sockets.get(fd)?.flow;
          const isMark = flow !== undefined && level === SOL_SOCKET && name === SO_MARK;
          if (isMark) flow.mark = value.readUInt32LE(0);
          return libc.setsockopt(fd, level, name, value, size);
        },
        close: (fd) => {
          settle();
          end(fd, libc.realtimeNs());
          return libc.close(fd);
        },
      };
    },
  };
}

function protocolOf(type: number, protocol: number): number {
  if (protocol !== 0) return protocol;
  return (type & TYPE_MASK) === SOCK_STREAM ? PROTOCOL.tcp : PROTOCOL.udp;
}

/** 0 where it has none, or is closed. */
function portOf(libc: Libc, fd: number): number {
  const name = Buffer.alloc(SOCKADDR_MAX);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(SOCKADDR_MAX);
  return libc.getsockname(fd, name, size) < 0 ? 0 : name.readUInt16BE(PORT_AT);
}
