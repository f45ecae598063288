// What became of the datagrams that stand for a connection: answered, refused, or silent at a port that may have nothing to say.

import type { DatagramAttempt } from "../../schema/events/datagram.ts";
import { unreachableKind } from "../../schema/icmp.ts";

/** @param alive whether the target has answered anything else */
export function datagramState(datagram: DatagramAttempt, alive: boolean) {
  const { outcome, address } = datagram;
  switch (outcome.kind) {
    case "reply":
      return "passed";
    case "unreachable":
      return outcome.from === address && unreachableKind(outcome, address) === "port"
        ? "refused"
        : "unreachable";
    case "no-reply":
      return alive && mayBeOpen(datagram) ? "other" : "silent";
    case "send-failed":
      return isForbidden(outcome.error) ? "other" : "unreachable";
    default:
      return "other";
  }
}

/** By this machine, whatever the network would do. */
function isForbidden(error: string): boolean {
  return error === "EACCES" || error === "EPERM";
}

/** A server that was sent nothing of its protocol need not answer. */
export function mayBeOpen({ protocol, request }: DatagramAttempt): boolean {
  return protocol === "udp" && request === null;
}

/**
 * Between which hops packets to the port are dropped, while others pass: the last TTL at which a router reports them,
 * and the next at which one reports others only. Null where all routers report them.
 */
export function datagramStop({
  hops,
}: DatagramAttempt): { readonly afterTtl: number; readonly beforeTtl: number } | null {
  const seen = hops.filter(({ outcome }) => outcome.kind !== "no-reply").map(({ ttl }) => ttl);
  const afterTtl = Math.max(0, ...seen);
  const silent = hops.filter(({ ttl }) => ttl > afterTtl).map(({ ttl }) => ttl);
  return silent.length === 0 ? null : { afterTtl, beforeTtl: Math.min(...silent) };
}
