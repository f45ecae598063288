// The addresses and ports of a connection before its SYN leaves, so that not even that is missed.

import type { Connection } from "../../src/probe.ts";
import type { Libc } from "../native/libc.ts";
import { kernelRoute } from "../native/route-socket.ts";
import { encodeSockaddr, SOCKADDR_MAX } from "../native/sockaddr.ts";
import type { Flow } from "./flows.ts";

const ANY = { 4: "0.0.0.0", 6: "::" } as const;
/** struct sockaddr_in and sockaddr_in6 have it at the same offset. */
const PORT_AT = 2;

/** Gives the socket its port now; undefined where there is no route, or no port to be had. */
export function bindFlow(libc: Libc, connection: Connection): Flow | undefined {
  const { fd, family, address, port, zoneIndex } = connection;
  const route = kernelRoute(libc, family, address, zoneIndex);
  if (route.kind !== "route") return undefined;
  const any = encodeSockaddr(ANY[family], 0);
  if (libc.bind(fd, any, any.length) < 0) return undefined;
  const name = Buffer.alloc(SOCKADDR_MAX);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(SOCKADDR_MAX);
  if (libc.getsockname(fd, name, size) < 0) return undefined;
  return {
    protocol: "tcp",
    localAddress: route.source,
    localPort: name.readUInt16BE(PORT_AT),
    remoteAddress: address,
    remotePort: port,
  };
}
