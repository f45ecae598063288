// Own packets that this kernel dropped, none of them on purpose.

import type { Path } from "../../model/path.ts";
import { type Drop, ownDrops } from "./own-packets.ts";

/** Reasons that mean that packets arrived broken. */
const BROKEN = ["IP_CSUM", "TCP_CSUM", "UDP_CSUM", "ICMP_CSUM"];
/** Reasons that mean that this machine had no room for what arrived. */
const NO_ROOM = [
  "SOCKET_RCVBUFF",
  "SOCKET_BACKLOG",
  "CPU_BACKLOG",
  "PROTO_MEM",
  "QDISC_DROP",
  "FULL_RING",
  "NOMEM",
];

export function lossDrops(path: Path): {
  readonly broken: readonly Drop[];
  readonly noRoom: readonly Drop[];
} {
  const drops = ownDrops(path);
  const among = (reasons: readonly string[]) =>
    drops.filter(({ reason }) => reason !== null && reasons.includes(reason));
  return { broken: among(BROKEN), noRoom: among(NO_ROOM) };
}
