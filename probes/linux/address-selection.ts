// The order in which a program would connect to several addresses: RFC 6724 as glibc's getaddrinfo applies it.

import ipaddr from "ipaddr.js";
import type { Family } from "../../src/schema/events/common.ts";
import type { Precedence } from "./gai-conf.ts";

export interface Candidate {
  readonly address: string;
  readonly family: Family;
  /** The source address that the kernel would use, null without a route. */
  readonly source: string | null;
}

/** Precedence and label by prefix (RFC 6724 s.2.1), the longest first: the first match counts. */
const POLICY = [
  { prefix: "::1/128", precedence: 50, label: 0 },
  { prefix: "::ffff:0:0/96", precedence: 35, label: 4 },
  { prefix: "::/96", precedence: 1, label: 3 },
  { prefix: "2001::/32", precedence: 5, label: 5 },
  { prefix: "2002::/16", precedence: 30, label: 2 },
  { prefix: "3ffe::/16", precedence: 1, label: 12 },
  { prefix: "fec0::/10", precedence: 1, label: 11 },
  { prefix: "fc00::/7", precedence: 3, label: 13 },
].map(({ prefix, ...policy }) => ({ range: ipaddr.IPv6.parseCIDR(prefix), ...policy }));
/** The row of ::/0. */
const ANY = { precedence: 40, label: 1 };

/**
 * Best first; candidates that compare equal keep their order.
 * @param configured of gai.conf, in place of the table's own precedence; null: it has none
 */
export function sortCandidates(
  candidates: readonly Candidate[],
  configured: readonly Precedence[] | null = null,
): readonly Candidate[] {
  return [...candidates].sort((a, b) => {
    // Rule 1: avoid unusable destinations.
    if ((a.source === null) !== (b.source === null)) return a.source === null ? 1 : -1;
    if (a.source === null || b.source === null) return 0;
    return compareUsable({ ...a, source: a.source }, { ...b, source: b.source }, configured);
  });
}

type Usable = Candidate & { readonly source: string };

function compareUsable(a: Usable, b: Usable, configured: readonly Precedence[] | null): number {
  const prefer = (first: boolean, second: boolean) => Number(second) - Number(first);
  const scope = prefer(
    scopeOf(a.address) === scopeOf(a.source),
    scopeOf(b.address) === scopeOf(b.source),
  );
  if (scope !== 0) return scope; // Rule 2
  const label = prefer(
    policyOf(a.address).label === policyOf(a.source).label,
    policyOf(b.address).label === policyOf(b.source).label,
  );
  if (label !== 0) return label; // Rule 5
  const precedence = precedenceOf(b.address, configured) - precedenceOf(a.address, configured);
  if (precedence !== 0) return precedence; // Rule 6
  const smaller = scopeOf(a.address) - scopeOf(b.address);
  return smaller !== 0 ? smaller : commonBits(b) - commonBits(a); // Rules 8 and 9
}

/** Leading bits that destination and source share; IPv4 takes no part in rule 9. */
function commonBits({ address, source, family }: Usable): number {
  if (family === 4) return 0;
  const bits = (text: string) =>
    parsed(text)
      .toByteArray()
      .map((byte) => byte.toString(2).padStart(8, "0"))
      .join("");
  const [to, from] = [bits(address), bits(source)];
  const differs = [...to].findIndex((bit, n) => bit !== from[n]);
  return differs < 0 ? to.length : differs;
}

/** IPv4 as IPv6 has it (RFC 4291 s.2.5.5.2). */
function parsed(address: string): ipaddr.IPv6 {
  const plain = ipaddr.parse(address.replace(/%.*$/, ""));
  return plain instanceof ipaddr.IPv4 ? plain.toIPv4MappedAddress() : plain;
}

function precedenceOf(address: string, configured: readonly Precedence[] | null): number {
  const target = parsed(address);
  const own = configured?.find(({ range }) => target.match(range));
  return own?.precedence ?? policyOf(address).precedence;
}

function policyOf(address: string): typeof ANY {
  const target = parsed(address);
  return POLICY.find(({ range }) => target.match(range)) ?? ANY;
}

const SITE_LOCAL = ipaddr.IPv6.parseCIDR("fec0::/10");

/** Multicast scope values (RFC 4291 s.2.7): link-local 2, site-local 5, global 14. */
function scopeOf(address: string): number {
  const range = ipaddr.parse(address.replace(/%.*$/, "")).range();
  if (range === "linkLocal" || range === "loopback") return 2;
  return parsed(address).match(SITE_LOCAL) ? 5 : 14;
}
