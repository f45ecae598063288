// One connected UDP socket: datagrams go out, and come in with the time that they waited to be read.
//
// A busy event loop reads late. The kernel's own receive time (SO_TIMESTAMPNS) keeps that out of every round-trip time.

import { constants } from "node:os";
import {
  AF_INET,
  AF_INET6,
  SO_TIMESTAMPNS,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOL_SOCKET,
} from "./constants.ts";
import { errnoName, type Libc } from "./libc.ts";
import { createReceiver, type Message } from "./message.ts";
import { encodeSockaddr, familyOf } from "./sockaddr.ts";

export interface Datagram {
  readonly data: Buffer;
  /** Milliseconds between its arrival in this kernel and now; 0 where the kernel does not report it. */
  readonly waitedMs: number;
}

export interface DatagramSocket {
  /** @returns null when it left, else errno's name */
  send(data: Buffer): string | null;
  /** Never blocks. Undefined when nothing waits; an error is errno's name, of an ICMP error that came back. */
  receive(): Datagram | { readonly error: string } | undefined;
  close(): void;
}

export type ConnectDatagram = (
  address: string,
  port: number,
) =>
  | { readonly kind: "connected"; readonly socket: DatagramSocket }
  /** By errno's name, behind that of the call where not even a socket was to be had. */
  | { readonly kind: "failed"; readonly error: string };

/** What a DNS answer may hold over UDP (RFC 6891 s.6.2.3: the size field has 16 bits). */
const MAX_BYTES = 65536;
const NS_PER_MS = 1_000_000;

/** @param zoneIndex interface index of the zone in "fe80::1%eth0", 0 without one */
export function datagramConnector(
  libc: Libc,
  zoneIndex: (address: string) => number,
): ConnectDatagram {
  return (address, port) => {
    const domain = familyOf(address) === 6 ? AF_INET6 : AF_INET;
    const fd = libc.socket(domain, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    // With the call's name: from connect the same error may be the word of a filter or a route.
    if (fd < 0) return { kind: "failed", error: `socket: ${errnoName(libc.errno())}` };
    const on = Buffer.from([1, 0, 0, 0]);
    // Refused by a sandbox or an old kernel: times are then those of the event loop.
    libc.setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, on, on.length);
    const peer = encodeSockaddr(address, port, zoneIndex(address));
    if (libc.connect(fd, peer, peer.length) < 0) {
      const error = errnoName(libc.errno());
      libc.close(fd);
      return { kind: "failed", error };
    }
    return { kind: "connected", socket: connected(libc, fd, peer) };
  };
}

function connected(libc: Libc, fd: number, peer: Buffer): DatagramSocket {
  const receive = createReceiver(libc, fd, MAX_BYTES);
  let open = true;
  return {
    send: (data) => {
      const sent = libc.sendto(fd, data, data.length, 0, peer, peer.length);
      return sent < 0 ? errnoName(libc.errno()) : null;
    },
    receive: () => {
      const message = receive(0);
      if (message !== undefined) {
        return { data: message.data, waitedMs: waitedMs(message, libc.realtimeNs()) };
      }
      const errno = libc.errno();
      return errno === constants.errno.EAGAIN ? undefined : { error: errnoName(errno) };
    },
    close: () => {
      if (open) libc.close(fd);
      open = false;
    },
  };
}

/** The wall clock may have been set back meanwhile. */
function waitedMs({ timestampNs }: Message, nowNs: bigint): number {
  return timestampNs === null ? 0 : Math.max(0, Number(nowNs - timestampNs) / NS_PER_MS);
}
