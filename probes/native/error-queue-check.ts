// Whether a socket's error queue can be had at all: the option that fills it, and the flag that reads it.

import { constants } from "node:os";
import type { Family } from "../../src/schema/events/common.ts";
import {
  AF_INET,
  AF_INET6,
  IP_RECVERR,
  IP_TTL,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPV6_RECVERR,
  IPV6_UNICAST_HOPS,
  MSG_ERRQUEUE,
  SOCK_CLOEXEC,
} from "./constants.ts";
import { errnoName, type Libc } from "./libc.ts";
import { createReceiver } from "./message.ts";

/** @returns what is refused and by which error; null where nothing is */
export function errorQueueRefused(libc: Libc, fd: number): string | null {
  if (createReceiver(libc, fd, 0)(MSG_ERRQUEUE) !== undefined) return null;
  const errno = libc.errno();
  // Empty, as it should be.
  return errno === constants.errno.EAGAIN ? null : `MSG_ERRQUEUE (${errnoName(errno)})`;
}

const OPTIONS = {
  4: { domain: AF_INET, level: IPPROTO_IP, ttl: IP_TTL, errors: IP_RECVERR },
  6: { domain: AF_INET6, level: IPPROTO_IPV6, ttl: IPV6_UNICAST_HOPS, errors: IPV6_RECVERR },
} as const;
const SOME_TTL = 64;

/**
 * What keeps a socket of this type from showing the routers on its path: it needs a TTL of its own, and the error queue.
 * @returns null where nothing does
 */
export function routersHidden(libc: Libc, family: Family, type: number): string | null {
  const { domain, level, ttl, errors } = OPTIONS[family];
  const fd = libc.socket(domain, type | SOCK_CLOEXEC, 0);
  if (fd < 0) return `a socket (${errnoName(libc.errno())})`;
  try {
    const value = Buffer.alloc(4);
    value.writeInt32LE(SOME_TTL);
    for (const [name, option] of [
      ["IP_TTL", ttl],
      ["IP_RECVERR", errors],
    ] as const) {
      if (libc.setsockopt(fd, level, option, value, 4) < 0) {
        return `${name} (${errnoName(libc.errno())})`;
      }
    }
    return errorQueueRefused(libc, fd);
  } finally {
    libc.close(fd);
  }
}
