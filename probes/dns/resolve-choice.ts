// Which of the answers the trace goes on with: a program's choice, by origin and then by address selection.

import type { Path } from "../../src/model/path.ts";
import type { ProbeContext } from "../../src/probe.ts";
import type { Family } from "../../src/schema/events/common.ts";
import type { DnsOrigin, DnsReply } from "../../src/schema/events/dns-replies.ts";
import { type Candidate, sortCandidates } from "../linux/address-selection.ts";
import type { Precedence } from "../linux/gai-conf.ts";
import { familyOf } from "../native/sockaddr.ts";

export interface ChoiceDeps {
  /** The source address that the kernel would use, null without a route. */
  sourceFor(address: string, family: Family): string | null;
  /** Of gai.conf; absent: the usual. */
  readonly precedence?: readonly Precedence[] | null;
}

/** Each costs a look-up of its route; a name with more has them for balance, and any of them stands for the rest. */
const MAX_PER_FAMILY = 8;

/** Emits the addresses to go on with, from the first of these origins that has any, once in a run. */
export function chooseAddresses(
  deps: ChoiceDeps,
  context: ProbeContext,
  wanted: Family | null,
  origins: readonly DnsOrigin[],
): boolean {
  if (context.path().addresses !== null) return true;
  const replies = context.path().dns.filter((reply) => origins.includes(reply.origin));
  const answering = replies.find((reply) => addressesOf(reply).length > 0);
  if (answering === undefined) return false;
  const same = replies.filter(
    ({ server, name }) => server === answering.server && name === answering.name,
  );
  const found = ([4, 6] as const).flatMap((family) =>
    [...new Set(same.flatMap((reply) => [...addressesOf(reply)]))]
      .filter((address) => familyOf(address) === family)
      .slice(0, MAX_PER_FAMILY),
  );
  const candidates = found.flatMap((address): Candidate[] => {
    const family = familyOf(address);
    const fits = family !== undefined && (wanted === null || wanted === family);
    return fits ? [{ address, family, source: deps.sourceFor(address, family) }] : [];
  });
  const sorted = sortCandidates(candidates, deps.precedence);
  if (sorted.length === 0) return false;
  context.emit({
    kind: "target-addresses",
    addresses: sorted.map(({ address, family }) => ({ address, family })),
    basis: answering.origin,
    server: answering.transport === "file" ? null : answering.server,
  });
  return true;
}

/** Every wanted type of the name answered by one server: nothing better is to come. */
export function isSettled(path: Path, name: string, types: number): boolean {
  const servers = path.resolverConfig?.servers ?? [];
  return servers.some((server) => {
    const replies = path.dns.filter(
      (reply) => reply.server === server && reply.name === name && reply.transport === "udp",
    );
    return replies.length === types && replies.some((reply) => addressesOf(reply).length > 0);
  });
}

/** Addresses of an answer, none of anything else. */
function addressesOf(reply: DnsReply): readonly string[] {
  return reply.outcome.kind === "answer" ? reply.outcome.addresses : [];
}
