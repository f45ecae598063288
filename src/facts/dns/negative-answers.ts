// Whether a server of resolv.conf is silent just where its answer would be that there is none.

import type { Path } from "../../model/path.ts";
import type { Seen } from "../../model/seen.ts";
import type { DnsCheck } from "../../schema/events/dns.ts";
import type { DnsReply } from "../../schema/events/dns-replies.ts";
import { perPathAndKey } from "../per-path.ts";

export interface NegativeAnswers {
  readonly server: string;
  /** A name that cannot exist, or that another server denies. */
  readonly silentFor: string;
  readonly answersFor: string;
  readonly isTunnel: boolean;
  readonly evidence: readonly string[];
}

/** Nobody may have a name below it (RFC 6761 s.6.4). */
export const NO_NAME = "wsl-trace.invalid";

/**
 * All of it has to be there:
 * 1. the server gave an address for some name;
 * 2. every query to it for a name that does not exist stayed without an answer: one below `.invalid`, and any that
 *    another server denies;
 * 3. it said of no other name that there is none, over UDP or TCP.
 * Null where one is missing.
 */
export const negativeAnswers = perPathAndKey("negativeAnswers", computeNegativeAnswers);

type Answered = Seen<DnsReply> | Seen<DnsCheck>;

function computeNegativeAnswers(path: Path, server: string): NegativeAnswers | null {
  const all: readonly Answered[] = [...path.dns, ...path.dnsChecks];
  const own = all.filter((one) => one.server === server);
  const positive = own.find(
    ({ outcome }) => outcome.kind === "answer" && outcome.addresses.length > 0,
  );
  const silent = own.filter(({ name, outcome }) => name === NO_NAME && outcome.kind === "no-reply");
  const [first] = silent;
  if (positive === undefined || first === undefined) return null;
  if (own.some(({ outcome }) => outcome.kind === "answer" && outcome.rcode === "NXDOMAIN")) {
    return null;
  }
  const others = own.filter(({ outcome }) => outcome.kind === "no-reply");
  const asked = others.find(({ name }) => name !== NO_NAME) ?? first;
  return {
    server,
    silentFor: asked.name,
    answersFor: positive.name,
    isTunnel: path.resolverConfig?.variant === "dns-tunnel",
    evidence: [positive.id, asked.id, ...silent.map(({ id }) => id)],
  };
}
