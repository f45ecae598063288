// Whether two answers to one question can both come from the server: by race, or by transport.

import type { Path } from "../../model/path.ts";
import type { Seen } from "../../model/seen.ts";
import type { DnsRace } from "../../schema/events/dns.ts";
import { perPathAndKey } from "../per-path.ts";
import { checksOf } from "./checks.ts";
import { type Claim, claimOf, contradict, formatClaim, isSpecial } from "./dns-answers.ts";

export type ForgeryFacts =
  /** `proven`: somebody else answers in the server's name; `differs`: unequal, and that is all. */
  | {
      readonly kind: "proven" | "differs";
      readonly words: string;
      readonly evidence: readonly string[];
    }
  /** Nothing of it was seen, though it could have been. */
  | { readonly kind: "agrees"; readonly evidence: readonly string[] }
  | { readonly kind: "open"; readonly reason: string };

interface ForgedReply {
  readonly id: string;
  readonly claim: Claim;
}

/** What the answers of one server prove; races before comparisons. */
export const forgeryOf = perPathAndKey("forgeryOf", computeForgeryOf);

function computeForgeryOf(path: Path, server: string): ForgeryFacts {
  return raceOf(path, server) ?? transportOf(path, server);
}

/** A packet that the network doubled makes one race; a forger makes one of every question. */
const RACES = 2;

/**
 * One datagram left and answers came that exclude each other. A server that rotates its addresses,
 * queried through a network that doubles packets, does that too; so in each race one side must agree
 * with a reference (what TCP brought, else one answer that is in every race) and the other must not.
 */
function raceOf(path: Path, server: string): ForgeryFacts | null {
  const races = path.dnsRaces.filter((race) => race.server === server);
  const contested = races.filter((race) => sidesOf(race) !== null);
  if (contested.length === 0) return null;
  const questions = [...new Set(contested.map(questionOf))];
  for (const question of questions) {
    const same = (race: Seen<DnsRace>) => questionOf(race) === question;
    const proof = proofOf(path, contested.filter(same), races.filter(same).length);
    if (proof !== null) return proof;
  }
  const times = contested.length === 1 ? "once" : `${contested.length} times`;
  const reason = `${server} gave two different answers to one question ${times}, which a server that rotates its addresses may do when the network doubles packets`;
  return { kind: "open", reason };
}

function questionOf({ name, type }: DnsRace): string {
  return `${type} ${name}`;
}

function proofOf(
  path: Path,
  contested: readonly Seen<DnsRace>[],
  asked: number,
): ForgeryFacts | null {
  const [first] = contested;
  if (first === undefined || contested.length < RACES) return null;
  const claims = claimsOf(first);
  const tcp = forgedOver(path, first.server, "tcp", first).map(({ claim }) => claim);
  const references = tcp.length > 0 ? [tcp] : claims.map((claim) => [claim]);
  const reference = references.find((one) => contested.every((race) => splits(race, one)));
  if (reference === undefined) return null;
  const denied = claims.filter((claim) => reference.every((one) => contradict(one, claim)));
  const kept = claims.filter((claim) => !denied.includes(claim));
  const list = (some: readonly Claim[]) => some.map(formatClaim).join(" and ");
  const words = `in ${contested.length} of ${asked} questions to ${first.server} two answers came to one datagram: ${list(denied)} beside ${list(kept)}${tcp.length > 0 ? ", which is what TCP brings too" : ""}`;
  const evidence = contested.map(({ id }) => id);
  return { kind: "proven", words, evidence };
}

function claimsOf({ answers }: DnsRace): readonly Claim[] {
  return answers.flatMap(({ outcome }) => claimOf(outcome) ?? []);
}

/** Two answers of a race that exclude each other. */
function sidesOf(race: DnsRace): readonly [Claim, Claim] | null {
  const claims = claimsOf(race);
  for (const one of claims) {
    const other = claims.find((candidate) => contradict(one, candidate));
    if (other !== undefined) return [one, other];
  }
  return null;
}

/** Some answer of the race agrees with the reference, and some other contradicts all of it. */
function splits(race: DnsRace, reference: readonly Claim[]): boolean {
  const claims = claimsOf(race);
  const agrees = (claim: Claim) => reference.every((one) => !contradict(one, claim));
  const denies = (claim: Claim) => reference.every((one) => contradict(one, claim));
  return claims.some(agrees) && claims.some(denies);
}

/** So often each transport has to stay with its answer before that means anything. */
const ROUNDS = 3;

/**
 * Queries over UDP and TCP in turn, from a new port each time, and each stays with an answer of its own.
 * Caches and load balancers give other addresses too, so that alone is no proof. It is one where
 * either side denies the name, or answers with addresses that only mean something on this machine.
 */
function transportOf(path: Path, server: string): ForgeryFacts {
  const asked = path.dns.find((reply) => reply.server === server && reply.transport === "tcp");
  const question = asked ?? path.dns.find((reply) => reply.server === server);
  if (question === undefined) return { kind: "open", reason: `${server} was not asked` };
  const udp = forgedOver(path, server, "udp", question);
  const tcp = forgedOver(path, server, "tcp", question);
  const [over] = udp;
  const [beside] = tcp;
  if (over === undefined || beside === undefined) {
    const missing = over === undefined ? "UDP" : "TCP";
    return { kind: "open", reason: `${server} gave no answer over ${missing} to compare with` };
  }
  const evidence = [...udp, ...tcp].map(({ id }) => id);
  const steady = [udp, tcp].every(
    (reported) => reported.length > ROUNDS && reported.every(isLike(reported[0])),
  );
  if (!contradict(over.claim, beside.claim) || !steady) return { kind: "agrees", evidence };
  const words = `${server} answers ${formatClaim(over.claim)} over UDP and ${formatClaim(beside.claim)} over TCP, in every one of ${tcp.length} questions in turn`;
  const denied = over.claim.kind === "denial" || beside.claim.kind === "denial";
  const special = isSpecial(over.claim) !== isSpecial(beside.claim);
  if (denied || special) return { kind: "proven", words, evidence };
  return { kind: "differs", words, evidence };
}

function isLike(first: ForgedReply | undefined): (other: ForgedReply) => boolean {
  return ({ claim }) => first !== undefined && formatClaim(claim) === formatClaim(first.claim);
}

type Question = Pick<Seen<DnsRace>, "name" | "type">;

/** What a server claimed over one transport about one question, without an EDNS offer. */
function forgedOver(
  path: Path,
  server: string,
  transport: "udp" | "tcp",
  { name, type }: Question,
): readonly ForgedReply[] {
  return [...path.dns, ...checksOf(path, "compare", server)].flatMap((reply) => {
    const fits =
      reply.server === server &&
      reply.transport === transport &&
      reply.name === name &&
      reply.type === type;
    const claim = fits ? claimOf(reply.outcome) : null;
    return claim === null ? [] : [{ id: reply.id, claim }];
  });
}
