// Queries that never left: this machine refused the socket.

import type { DnsReply } from "../../schema/events/dns-replies.ts";

/** What stands before the error of socket(2) (probes/native/datagram.ts). */
const NO_SOCKET = "socket: ";
/** Errors with which this machine refuses a socket, in recordings that do not name the call, and over TCP. */
const REFUSED_HERE: readonly string[] = [
  "EACCES",
  "EAFNOSUPPORT",
  "EPROTONOSUPPORT",
  "ENOSYS",
  "EMFILE",
  "ENFILE",
];

export function isRefusedHere({ outcome }: Pick<DnsReply, "outcome">): boolean {
  if (outcome.kind !== "unreachable") return false;
  return outcome.error.startsWith(NO_SOCKET) || REFUSED_HERE.includes(outcome.error);
}
