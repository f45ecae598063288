// What a raw packet needs of the kernel before it is made: the source that the route gives it, and a
// port that no socket uses or will get while the probes run.

import { UnsupportedProbeError } from "../../src/errors.ts";
import type { Family } from "../../src/schema/events/common.ts";
import {
  AF_INET,
  AF_INET6,
  IP_MTU_DISCOVER,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPPROTO_TCP,
  IPPROTO_UDP,
  IPV6_MTU_DISCOVER,
  PMTUDISC_OMIT,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOCK_STREAM,
} from "./constants.ts";
import { errnoName, type Libc } from "./libc.ts";
import { kernelRoute } from "./route-socket.ts";
import { encodeSockaddr, SOCKADDR_MAX } from "./sockaddr.ts";

export interface LocalEndpoint {
  /** Where the kernel would send from, and how large packets may be there as far as is known. */
  readonly source: string;
  readonly mtu: number;
}

/** Taken where the kernel does not tell: a SYN offers an MSS by it, as most hosts do. */
const ETHERNET_MTU = 1500;

export interface ReservedPort {
  readonly number: number;
  release(): void;
}

/**
 * @param device send from this interface, whatever the routes are
 * @throws UnsupportedProbeError without a route
 */
export function localEndpointFor(
  libc: Libc,
  to: { readonly family: Family; readonly address: string; readonly zoneIndex?: number },
  device?: string,
): LocalEndpoint {
  const route = kernelRoute(libc, to.family, to.address, to.zoneIndex ?? 0, device);
  if (route.kind === "route") return { source: route.source, mtu: route.pathMtu ?? ETHERNET_MTU };
  const requires = `a route to the target (${route.error})`;
  throw new UnsupportedProbeError("raw sockets", { requires });
}

/**
 * A bound socket that is never used keeps the port. It sets OMIT, or the kernel would cache a PMTU
 * from an ICMP error about the probes, which it takes for this socket's.
 * @param prepare what else is made of the bound socket, as a call of libc returns
 * @throws UnsupportedProbeError when the kernel refuses
 */
export function reservePort(
  libc: Libc,
  protocol: "udp" | "tcp",
  family: Family,
  prepare: (fd: number) => number = () => 0,
): ReservedPort {
  const [type, number] =
    protocol === "udp" ? [SOCK_DGRAM, IPPROTO_UDP] : [SOCK_STREAM, IPPROTO_TCP];
  const isV4 = family === 4;
  const domain = isV4 ? AF_INET : AF_INET6;
  const fd = libc.socket(domain, type | SOCK_NONBLOCK | SOCK_CLOEXEC, number);
  const check = (result: number) => {
    if (result >= 0) return;
    const error = errnoName(libc.errno());
    if (fd >= 0) libc.close(fd);
    throw new UnsupportedProbeError("raw sockets", { requires: `a free port (${error})` });
  };
  check(fd);
  const omit = Buffer.alloc(4);
  omit.writeInt32LE(PMTUDISC_OMIT);
  const [level, option] = isV4 ? [IPPROTO_IP, IP_MTU_DISCOVER] : [IPPROTO_IPV6, IPV6_MTU_DISCOVER];
  check(libc.setsockopt(fd, level, option, omit, omit.length));
  const any = encodeSockaddr(isV4 ? "0.0.0.0" : "::", 0);
  check(libc.bind(fd, any, any.length));
  const name = Buffer.alloc(SOCKADDR_MAX);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(SOCKADDR_MAX);
  check(libc.getsockname(fd, name, size));
  check(prepare(fd));
  let isHeld = true;
  return {
    number: name.readUInt16BE(2),
    release: () => {
      if (isHeld) libc.close(fd);
      isHeld = false;
    },
  };
}
