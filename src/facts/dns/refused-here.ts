// Queries that never left: this machine refused the socket.

import type { DnsReply } from "../../schema/events/dns-replies.ts";

/** Errors with which this machine refuses a socket: no word of the server, nor of the path to it. */
const REFUSED_HERE: readonly string[] = [
  "EACCES",
  "EAFNOSUPPORT",
  "EPROTONOSUPPORT",
  "ENOSYS",
  "EMFILE",
  "ENFILE",
];

export function isRefusedHere({ outcome }: DnsReply): boolean {
  return outcome.kind === "unreachable" && REFUSED_HERE.includes(outcome.error);
}
