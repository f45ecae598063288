// What the kernel would do with a packet to an address, read from a datagram socket that sends nothing.
//
// A UDP socket; where a sandbox refuses those, another kind whose connect() sends nothing either.

import type { Family } from "../../src/schema/events/common.ts";
import {
  AF_INET,
  AF_INET6,
  IP_MTU,
  IPPROTO_ICMP,
  IPPROTO_ICMPV6,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPPROTO_UDP,
  IPPROTO_UDPLITE,
  IPV6_MTU,
  SO_BINDTODEVICE,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOL_SOCKET,
} from "./constants.ts";
import { errnoName, type Libc } from "./libc.ts";
import { decodeSockaddr, encodeSockaddr, SOCKADDR_MAX } from "./sockaddr.ts";

export type KernelRoute =
  | {
      readonly kind: "route";
      readonly source: string;
      /** Null where the kernel refuses to tell it. */
      readonly pathMtu: number | null;
    }
  | { readonly kind: "no-route"; readonly error: string }
  /** A call was refused, which says nothing of routes. */
  | { readonly kind: "unknown"; readonly error: string };

/** Any port will do: connecting a datagram socket sends nothing. */
const DISCARD_PORT = 9;
/** What connect() answers where the tables hold no route, or one of type unreachable (net/ipv4/fib_semantics.c, fib_props). */
const NO_ROUTE: readonly string[] = ["ENETUNREACH", "EHOSTUNREACH"];

/**
 * Source address and PMTU that the kernel has for a destination; nothing is sent.
 * @param device look up the route by this interface alone
 * IP_MTU is the cached PMTU where there is one, else the route's or the link's (ip(7)).
 */
export function kernelRoute(
  libc: Libc,
  family: Family,
  address: string,
  zoneIndex = 0,
  device?: string,
): KernelRoute {
  const socket = openDatagram(libc, family);
  if ("error" in socket) return { kind: "unknown", error: socket.error };
  const { fd } = socket;
  const refused = (): KernelRoute => ({ kind: "unknown", error: errnoName(libc.errno()) });
  try {
    const wanted = Buffer.from(device ?? "");
    const bound =
      device === undefined
        ? 0
        : libc.setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, wanted, wanted.length);
    if (bound < 0) return refused();
    const to = encodeSockaddr(address, DISCARD_PORT, zoneIndex);
    if (libc.connect(fd, to, to.length) < 0) {
      const error = errnoName(libc.errno());
      return { kind: NO_ROUTE.includes(error) ? "no-route" : "unknown", error };
    }
    const name = Buffer.alloc(SOCKADDR_MAX);
    const size = Buffer.alloc(4);
    size.writeUInt32LE(SOCKADDR_MAX);
    if (libc.getsockname(fd, name, size) < 0) return refused();
    const mtu = Buffer.alloc(4);
    size.writeUInt32LE(4);
    const [level, option] = family === 4 ? [IPPROTO_IP, IP_MTU] : [IPPROTO_IPV6, IPV6_MTU];
    const read = libc.getsockopt(fd, level, option, mtu, size) >= 0;
    const source = decodeSockaddr(name)?.address ?? "";
    return { kind: "route", source, pathMtu: read ? mtu.readInt32LE() : null };
  } finally {
    libc.close(fd);
  }
}

/** The error is that of the first kind, which every program may open elsewhere. */
function openDatagram(
  libc: Libc,
  family: Family,
): { readonly fd: number } | { readonly error: string } {
  const domain = family === 4 ? AF_INET : AF_INET6;
  const ping = family === 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6;
  let error: string | null = null;
  for (const protocol of [IPPROTO_UDP, IPPROTO_UDPLITE, ping]) {
    const fd = libc.socket(domain, SOCK_DGRAM | SOCK_CLOEXEC, protocol);
    if (fd >= 0) return { fd };
    error ??= errnoName(libc.errno());
  }
  return { error: error ?? "" };
}
