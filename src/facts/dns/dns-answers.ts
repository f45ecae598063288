// How two DNS answers to one question stand to each other: the same, other records, or a contradiction.

import ipaddr from "ipaddr.js";
import type { DnsOutcome } from "../../schema/events/dns-replies.ts";

type Answer = Extract<DnsOutcome, { kind: "answer" }>;

/** What an answer claims about a name; null when it claims nothing (errors, halves, silence). */
export type Claim =
  | { readonly kind: "addresses"; readonly addresses: readonly string[] }
  /** NXDOMAIN or an empty answer: there is none (RFC 2308 s.2). */
  | { readonly kind: "denial"; readonly rcode: string };

/** @returns null for what is no whole, affirmative or negative answer */
export function claimOf(outcome: DnsOutcome): Claim | null {
  if (outcome.kind !== "answer") return null;
  if (outcome.addresses.length > 0) return { kind: "addresses", addresses: outcome.addresses };
  if (outcome.truncated) return null;
  const { rcode } = outcome;
  return rcode === "NXDOMAIN" || rcode === "NOERROR" ? { kind: "denial", rcode } : null;
}

/** Whether both are the same answer: the code and the addresses, in any order. Sizes and times do not count. */
export function sameAnswer(a: DnsOutcome, b: DnsOutcome): boolean {
  if (a.kind !== "answer" || b.kind !== "answer") return a.kind === b.kind;
  return a.truncated === b.truncated && a.rcode === b.rcode && sameAddresses(a, b);
}

function sameAddresses(a: Answer, b: Answer): boolean {
  const sorted = (answer: Answer) => [...new Set(answer.addresses)].sort().join(" ");
  return sorted(a) === sorted(b);
}

/** Whether both cannot be the same server's answer to the same question: no address in common. */
export function contradict(a: Claim, b: Claim): boolean {
  if (a.kind === "denial" && b.kind === "denial") return false;
  if (a.kind === "denial" || b.kind === "denial") return true;
  return !a.addresses.some((address) => b.addresses.includes(address));
}

/** Ranges that no public name points into (RFC 6890): what filters and forgers like to answer with. */
const SPECIAL = ["unspecified", "loopback", "private", "linkLocal", "uniqueLocal", "broadcast"];

/** Every address of the claim is one that only means something on this machine or its own network. */
export function isSpecial(claim: Claim): boolean {
  return (
    claim.kind === "addresses" &&
    claim.addresses.every(
      (address) => ipaddr.isValid(address) && SPECIAL.includes(ipaddr.parse(address).range()),
    )
  );
}

/** "203.0.113.9" or "NXDOMAIN", for people. */
export function formatClaim(claim: Claim): string {
  if (claim.kind === "addresses") return claim.addresses.join(", ");
  return claim.rcode === "NOERROR" ? "no address" : claim.rcode;
}
