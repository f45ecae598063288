// What the kernel would do with a packet to an address, read from a UDP socket that sends nothing.

import type { Family } from "../../src/schema/events/common.ts";
import {
  AF_INET,
  AF_INET6,
  IP_MTU,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPPROTO_UDP,
  IPV6_MTU,
  SO_BINDTODEVICE,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOL_SOCKET,
} from "./constants.ts";
import { errnoName, type Libc } from "./libc.ts";
import { decodeSockaddr, encodeSockaddr, SOCKADDR_MAX } from "./sockaddr.ts";

export type KernelRoute =
  | { readonly kind: "route"; readonly source: string; readonly pathMtu: number }
  | { readonly kind: "no-route"; readonly error: string };

/** Any port will do: connecting a UDP socket sends nothing. */
const DISCARD_PORT = 9;

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
  const fd = libc.socket(family === 4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_UDP);
  const failed = (): KernelRoute => ({ kind: "no-route", error: errnoName(libc.errno()) });
  if (fd < 0) return failed();
  try {
    const wanted = Buffer.from(device ?? "");
    const bound =
      device === undefined
        ? 0
        : libc.setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, wanted, wanted.length);
    if (bound < 0) return failed();
    const to = encodeSockaddr(address, DISCARD_PORT, zoneIndex);
    if (libc.connect(fd, to, to.length) < 0) return failed();
    const name = Buffer.alloc(SOCKADDR_MAX);
    const size = Buffer.alloc(4);
    size.writeUInt32LE(SOCKADDR_MAX);
    if (libc.getsockname(fd, name, size) < 0) return failed();
    const mtu = Buffer.alloc(4);
    size.writeUInt32LE(4);
    const [level, option] = family === 4 ? [IPPROTO_IP, IP_MTU] : [IPPROTO_IPV6, IPV6_MTU];
    if (libc.getsockopt(fd, level, option, mtu, size) < 0) return failed();
    const source = decodeSockaddr(name)?.address ?? "";
    return { kind: "route", source, pathMtu: mtu.readInt32LE() };
  } finally {
    libc.close(fd);
  }
}
