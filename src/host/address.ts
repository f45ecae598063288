// IP addresses and prefixes as Windows prints them, as plain data that can be compared.

import ipaddr from "ipaddr.js";
import type { Family } from "../schema/events/common.ts";

export type { Family };

/** One value per address family. */
export interface ByFamily<T> {
  readonly 4: T;
  readonly 6: T;
}

export interface Address {
  /** Canonical text without zone: "192.0.2.1", "2001:db8::1". */
  readonly address: string;
  readonly family: Family;
  /** What stood behind "%" (RFC 4007 s.11), null when nothing did. */
  readonly zone: string | null;
}

export interface Prefix {
  /** Canonical text with the host bits cleared: "192.0.2.0/24". */
  readonly text: string;
  readonly network: string;
  readonly length: number;
  readonly family: Family;
}

const ADDRESS_BITS: ByFamily<number> = { 4: 32, 6: 128 };
const BITS_PER_BYTE = 8;
/** 45 for IPv6 that holds IPv4, brackets, and a zone as long as Windows names an interface (256). */
const MAX_CHARS = 320;

/**
 * Reads one address; null when the text is none. Short IPv4 forms ("10.1") are refused: Windows
 * never prints them. IPv4-mapped IPv6 becomes IPv4.
 */
export function addressOf(text: string): Address | null {
  // The patterns behind it take the square of the length, and most texts are something else.
  if (text.length > MAX_CHARS || !LIKE_ADDRESS.test(text)) return null;
  return remembered(addresses, text, () => readAddress(text));
}

/** What begins with a digit or a colon, or with hexadecimal digits before a colon. */
const LIKE_ADDRESS = /^\s*\[?(?:\d|[0-9a-f]*:)/i;
/** Each pair of adapters is compared by their addresses, and each route with each address: the same few texts again and again. */
const addresses = new Map<string, Address | null>();
const prefixes = new Map<string, Prefix>();
const MOST_REMEMBERED = 4096;

function remembered<T>(known: Map<string, T>, text: string, read: () => T): T {
  const found = known.get(text);
  if (found !== undefined) return found;
  const value = read();
  if (known.size >= MOST_REMEMBERED) known.clear();
  known.set(text, value);
  return value;
}

function readAddress(text: string): Address | null {
  const [bare = "", ...zone] = text
    .trim()
    .replace(/^\[(.*)\]$/, "$1")
    .split("%");
  if (ipaddr.IPv4.isValidFourPartDecimal(bare)) {
    return zone.length > 0
      ? null
      : { address: ipaddr.IPv4.parse(bare).toString(), family: 4, zone: null };
  }
  if (!bare.includes(":") || !ipaddr.IPv6.isValid(bare)) return null;
  const parsed = ipaddr.IPv6.parse(bare);
  if (parsed.isIPv4MappedAddress()) {
    return { address: parsed.toIPv4Address().toString(), family: 4, zone: null };
  }
  return { address: parsed.toRFC5952String(), family: 6, zone: zone.join("%").trim() || null };
}

/** The address as one would type it: with its zone when it has one. */
export function withZone(address: Address): string {
  return address.zone === null ? address.address : `${address.address}%${address.zone}`;
}

/** A prefix of that length around the address; null when the length does not fit the family. */
export function prefixAround(address: Address, length: number): Prefix | null {
  if (!Number.isInteger(length) || length < 0 || length > ADDRESS_BITS[address.family]) return null;
  const around = `${address.address}/${length}`;
  return remembered(prefixes, around, () => readPrefix(around, length, address.family));
}

function readPrefix(around: string, length: number, family: Family): Prefix {
  const network =
    family === 4
      ? ipaddr.IPv4.networkAddressFromCIDR(around).toString()
      : ipaddr.IPv6.networkAddressFromCIDR(around).toRFC5952String();
  return { text: `${network}/${length}`, network, length, family };
}

/** Reads "192.0.2.0/24", or an address whose length is given beside it; null when it is neither. */
export function prefixOf(text: string, separateLength: number | null = null): Prefix | null {
  const [network = "", length, ...rest] = text.trim().split("/");
  const address = addressOf(network);
  if (address === null || rest.length > 0) return null;
  if (length === undefined) {
    return separateLength === null ? null : prefixAround(address, separateLength);
  }
  return /^\d{1,3}$/.test(length.trim()) ? prefixAround(address, Number(length)) : null;
}

/** Whether the address lies inside the prefix; never across families. */
export function inPrefix(address: Address, prefix: Prefix): boolean {
  if (address.family !== prefix.family) return false;
  return prefixAround(address, prefix.length)?.text === prefix.text;
}

/** Whether the prefix is a single address. */
export function isHostPrefix(prefix: Prefix): boolean {
  return prefix.length === ADDRESS_BITS[prefix.family];
}

/** The prefix as a text of its bits: "0.0.0.0/1" is "0", "192.0.0.0/2" is "11". */
export function bitsOf(prefix: Prefix): string {
  return ipaddr
    .parse(prefix.network)
    .toByteArray()
    .map((byte) => byte.toString(2).padStart(BITS_PER_BYTE, "0"))
    .join("")
    .slice(0, prefix.length);
}

/** 127.0.0.0/8 and ::1. */
export function isLoopback(address: Address): boolean {
  return rangeOf(address) === "loopback";
}

/** 169.254.0.0/16 (RFC 3927) and fe80::/10 (RFC 4291 s.2.5.6): the same on every link. */
export function isLinkLocal(address: Address): boolean {
  return rangeOf(address) === "linkLocal";
}

const PRIVATE = ["private", "carrierGradeNat", "uniqueLocal", "deprecatedSiteLocal"];

/**
 * It means another machine in each network: RFC 1918, RFC 6598, RFC 4193, and fec0::/10 (RFC 3879), of which
 * Windows makes up name servers where it has none.
 */
export function isPrivate(address: Address): boolean {
  return PRIVATE.includes(rangeOf(address));
}

/** Multicast, or the IPv4 broadcast address. */
export function isGroup(address: Address): boolean {
  return ["multicast", "broadcast"].includes(rangeOf(address));
}

function rangeOf(address: Address): string {
  return ipaddr.parse(address.address).range();
}
