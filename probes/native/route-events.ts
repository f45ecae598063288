// The kernel's own word that a link, an address, a route or a rule has changed (rtnetlink(7)).

import { AF_NETLINK, SOCK_CLOEXEC, SOCK_RAW } from "./constants.ts";
import { errnoName, type Libc } from "./libc.ts";
import { createReceiver } from "./message.ts";

const NETLINK_ROUTE = 0;
/** struct sockaddr_nl: family, padding, port, groups. */
const SOCKADDR_NL = 12;
const GROUPS_AT = 8;
/** A group is a bit of its number less one (linux/rtnetlink.h): link, addresses, routes and rules of both families. */
const GROUPS = [1, 5, 7, 8, 9, 11, 19].reduce((bits, group) => bits | (1 << (group - 1)), 0);
/** What was changed is read elsewhere: a message is only a sign. */
const MESSAGE_BYTES = 64;

export interface RouteEvents {
  /** Whether any came since the last call. */
  drain(): boolean;
  close(): void;
}

/** @returns errno's name where the kernel refuses, as WSL1's does */
export function openRouteEvents(libc: Libc): RouteEvents | string {
  const fd = libc.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (fd < 0) return errnoName(libc.errno());
  const name = Buffer.alloc(SOCKADDR_NL);
  name.writeUInt16LE(AF_NETLINK, 0);
  name.writeUInt32LE(GROUPS, GROUPS_AT);
  if (libc.bind(fd, name, name.length) < 0) {
    const error = errnoName(libc.errno());
    libc.close(fd);
    return error;
  }
  const receive = createReceiver(libc, fd, MESSAGE_BYTES);
  return {
    drain: () => {
      let came = false;
      for (;;) {
        if (receive(0) !== undefined) came = true;
        // Messages that found no room are lost, and were some.
        else if (errnoName(libc.errno()) === "ENOBUFS") came = true;
        else return came;
      }
    },
    close: () => {
      libc.close(fd);
    },
  };
}
