// Whether a server answers plain queries and fails those with an OPT record (RFC 6891).

import type { Path } from "../../model/path.ts";
import type { DnsOutcome } from "../../schema/events/dns-replies.ts";
import { perPathAndKey } from "../per-path.ts";
import { checksOf } from "./checks.ts";

/** FORMERR and NOTIMP are no failure: an old server does not know EDNS, and programs then query without it (s.7). */
export function isEdnsFailure(outcome: DnsOutcome): boolean {
  if (outcome.kind === "answer") return outcome.rcode === "SERVFAIL";
  return outcome.kind === "no-reply";
}

export interface EdnsDropped {
  readonly server: string;
  /** How it fails; null where it is silent. */
  readonly rcode: string | null;
  readonly evidence: readonly string[];
}

/** With the record it failed twice, and without one it was answered between or around them. */
export const ednsDropped = perPathAndKey("ednsDropped", (path, server): EdnsDropped | null => {
  const udp = path.dns.filter(
    (reply) =>
      reply.server === server && reply.transport === "udp" && reply.origin === "resolv.conf",
  );
  const checks = checksOf(path, "edns", server);
  // The program's own query comes first, with what its options say.
  const own = udp.filter(({ name, type }) => name === checks[0]?.name && type === checks[0].type);
  const isOffered = asksEdns(path);
  const all = [
    ...own.map(({ id, outcome }) => ({ id, outcome, isOffered })),
    ...checks.map(({ id, outcome, ednsBytes }) => ({ id, outcome, isOffered: ednsBytes !== null })),
  ];
  const offered = all.filter((query) => query.isOffered);
  const plain = all.filter((query) => !query.isOffered);
  const isLost = offered.length >= TWICE && offered.every(({ outcome }) => isEdnsFailure(outcome));
  const isPlainFine = plain.length >= TWICE && !plain.some(({ outcome }) => isEdnsFailure(outcome));
  if (!isLost || !isPlainFine) return null;
  const said = offered.map(({ outcome }) => outcome).find(({ kind }) => kind === "answer");
  return {
    server,
    rcode: said?.kind === "answer" ? said.rcode : null,
    evidence: all.map(({ id }) => id),
  };
});

/** One datagram of three may be lost, and a query of three datagrams hardly. */
const TWICE = 2;

/** Whether the C library's own queries have the record (`options edns0`). */
export function asksEdns({ resolverConfig }: Path): boolean {
  return resolverConfig?.options?.edns0 === true;
}
