// Which addresses say nothing of a user and stay readable, and the bits that the others keep.

import ipaddr from "ipaddr.js";
import { type Address, addressOf, bitsOf, type Prefix, prefixOf } from "../../host/address.ts";

/**
 * Ranges of public addresses that mean the same everywhere: documentation (RFC 5737, RFC 3849, RFC 9637), benchmarks
 * (RFC 2544), and 6.6.0.0/16, of which VPN clients invent answers for names.
 */
const EVERYWHERE = ["6.6.0.0/16", "198.18.0.0/15", "2001:db8::/32", "3fff::/20"];

/** Everything in IPv4 that is no public address (IANA's registry of special-purpose addresses), and the above. */
const SPECIAL = [
  ...EVERYWHERE,
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
  "2001::/23",
  "2002::/16",
];

export const SPECIAL_BITS = {
  4: bitsOfAll(SPECIAL.filter((text) => !text.includes(":"))),
  6: bitsOfAll(SPECIAL.filter((text) => text.includes(":"))),
} as const;

function bitsOfAll(texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) => {
    const prefix = prefixOf(text);
    return prefix === null ? [] : [bitsOf(prefix)];
  });
}

export function addressBits({ address, family }: Address): string {
  const length = family === 4 ? 32 : 128;
  return bitsOf({ text: "", network: address, length, family });
}

export function prefixBits(text: string): string {
  const prefix = prefixOf(text);
  return prefix === null ? "" : bitsOf(prefix);
}

/** Bits back to an address; those that are missing are 0. */
export function addressOfBits(bits: string, family: Prefix["family"]): string {
  const bytes = (bits.padEnd(family === 4 ? 32 : 128, "0").match(/.{8}/g) ?? []).map((byte) =>
    Number.parseInt(byte, 2),
  );
  const address = ipaddr.fromByteArray(bytes);
  return address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString();
}

const RANGES: Readonly<Record<string, number>> = {
  // RFC 4193: the rest is drawn by chance once for a network, and known by it.
  uniqueLocal: 8,
  "6to4": 16,
  teredo: 32,
  // RFC 6052: an IPv4 address stands behind it.
  rfc6052: 96,
};
/** RFC 4291 s.2.5.6; what comes behind may be a MAC address. */
const LINK_LOCAL_BITS = 64;
/** Interface identifiers up to here were given by hand or by order. */
const SMALL_IDENTIFIER = "0".repeat(LINK_LOCAL_BITS - 16);

/** How many of an address' first bits say only what kind of address it is; null: it stays as it is. */
export function keptBits(address: Address): number | null {
  const bits = addressBits(address);
  const range = ipaddr.parse(address.address).range();
  if (address.family === 6 && range === "linkLocal") {
    return bits.slice(LINK_LOCAL_BITS).startsWith(SMALL_IDENTIFIER) ? null : LINK_LOCAL_BITS;
  }
  if (range !== "unicast") return RANGES[range] ?? null;
  if (SPECIAL_BITS[address.family].some((special) => bits.startsWith(special))) return null;
  // 2000::/3 is all that is given out (RFC 4291 s.2.4).
  return address.family === 4 ? 0 : 3;
}

/** The same for a prefix: a short one, or one around a range that stays, says nothing either. */
export function keptBitsOfPrefix(prefix: Prefix): number | null {
  const bits = bitsOf(prefix);
  const family = prefix.family;
  if (bits.length <= SHORT[family]) return null;
  if (SPECIAL_BITS[family].some((special) => special.startsWith(bits))) return null;
  const network = addressOf(prefix.network);
  const kept = network === null ? null : keptBits(network);
  return kept === null || kept >= bits.length ? null : kept;
}

/** Routes that cover half of the address space and the like; nobody owns as much (IPv6: an ISP has /19 at most). */
const SHORT = { 4: 7, 6: 15 } as const;
