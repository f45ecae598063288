// Reads single values of a snapshot row, as PowerShell 5.1, PowerShell 7 or a person writes them.

import { type Address, addressOf, type Family, withZone } from "./address.ts";

/** A row's properties by lower-case name. */
export type Fields = ReadonlyMap<string, unknown>;

/** The properties of a row; null when the value is no object. */
export function fieldsOf(value: unknown): Fields | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  return new Map(Object.entries(value).map(([key, v]) => [key.trim().toLowerCase(), v]));
}

/** The first of these properties that is set: null and "" count as unset. */
export function field(fields: Fields, ...names: readonly string[]): unknown {
  const values = names.map((name) => fields.get(name.toLowerCase()));
  return values.find((value) => value !== undefined && value !== null && value !== "");
}

/** Why a row counts as unreadable. */
export const NO_NAME = "it has no Name";

/** Trimmed text, null when there is none. Numbers and booleans become their text. */
export function textOf(value: unknown): string | null {
  const plain = plainOf(value);
  return plain === null || plain === "" ? null : plain;
}

/** A whole number, also from text; null when it is none. */
export function integerOf(value: unknown): number | null {
  const text = plainOf(value);
  if (text === null || !/^[+-]?\d+$/.test(text)) return null;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : null;
}

/** A number of milliseconds or the like, not negative; null when it is none. */
export function amountOf(value: unknown): number | null {
  const text = plainOf(value);
  if (text === null || !/^\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return null;
  const number = Number(text);
  return Number.isFinite(number) ? number : null;
}

/** True and 1, false and 0, as values or words (GpoBoolean of NetSecurity too: 2 is "not configured"). */
export function booleanOf(value: unknown): boolean | null {
  const word = wordOf(value);
  if (word === null) return null;
  if (["true", "1", "yes", "enabled"].includes(word)) return true;
  return ["false", "0", "no", "disabled"].includes(word) ? false : null;
}

const FAMILY_WORDS: Readonly<Record<string, Family>> = {
  // AF_INET and AF_INET6 of winsock2.h, and their .NET names.
  "2": 4,
  ipv4: 4,
  internetwork: 4,
  "23": 6,
  ipv6: 6,
  internetworkv6: 6,
};

/** MSFT_NetIPInterface.AddressFamily: 2 or "IPv4", 23 or "IPv6". */
export function familyOf(value: unknown): Family | null {
  return FAMILY_WORDS[wordOf(value) ?? ""] ?? null;
}

/** MSFT_NetIPInterface.ConnectionState: 1 or "Connected", 0 or "Disconnected". */
export function connectedOf(value: unknown): boolean | null {
  const word = wordOf(value);
  if (word === "connected" || word === "1" || word === "true") return true;
  return word === "disconnected" || word === "0" || word === "false" ? false : null;
}

const UP_WORDS = ["up", "1"];
const DOWN_WORDS = [
  "down",
  "disconnected",
  "disabled",
  "not present",
  "notpresent",
  "not operational",
  "dormant",
  "lower layer down",
  "lowerlayerdown",
  "2",
  "5",
  "6",
  "7",
];

/** Get-NetAdapter's Status word, or a number of IF_OPER_STATUS (ifdef.h); unknown words give null. */
export function upOf(value: unknown): boolean | null {
  const word = wordOf(value) ?? "";
  if (UP_WORDS.includes(word)) return true;
  return DOWN_WORDS.includes(word) ? false : null;
}

// RFC 791 s.3.2: every link carries 68 bytes, no IPv4 packet has more than 65535.
const MIN_MTU = 68;
const MAX_MTU = 65_535;

/** Bytes; null for "no limit" (loopback has 4294967295) and for what cannot be an MTU. */
export function mtuOf(value: unknown): number | null {
  const mtu = integerOf(value);
  return mtu !== null && mtu >= MIN_MTU && mtu <= MAX_MTU ? mtu : null;
}

// Deeper nesting is no list that a cmdlet gives; the limit also keeps hostile input off the stack.
const MAX_NESTING = 8;

/** A list as an array, however it was nested; a single value becomes one element, null none. */
export function listOf(value: unknown, depth = 0): unknown[] {
  if (value === null || value === undefined || depth > MAX_NESTING) return [];
  const list = Array.isArray(value) ? value : valueAndCount(value);
  return list === null ? [value] : list.flatMap((item) => listOf(item, depth + 1));
}

/** The words of a list, or of text such as "a, b; c" or "{a, b}". */
export function wordsOf(value: unknown): readonly string[] {
  return listOf(value)
    .flatMap((item) => (textOf(item) ?? "").split(/[\s,;{}"']+/))
    .filter((word) => word !== "");
}

/** The addresses of a list or text, in order, each once; what is no address is left out. */
export function addressesOf(value: unknown): readonly string[] {
  const found = listOf(value)
    .flatMap((item): readonly unknown[] => (addressFrom(item) ? [item] : wordsOf(item)))
    .map(addressFrom)
    .filter((address) => address !== null);
  return [...new Set(found.map(withZone))];
}

/** One address, from text or from a .NET IPAddress object (its IPAddressToString). */
export function addressFrom(value: unknown): Address | null {
  const text = textOf(value) ?? textOf(fieldsOf(value)?.get("ipaddresstostring"));
  return text === null ? null : addressOf(text);
}

/** Windows PowerShell writes some arrays as {"value": [...], "Count": 2}. */
function valueAndCount(value: unknown): readonly unknown[] | null {
  const fields = fieldsOf(value);
  const list = fields?.get("value");
  return fields?.size === 2 && fields.has("count") && Array.isArray(list) ? list : null;
}

function wordOf(value: unknown): string | null {
  return textOf(value)?.toLowerCase() ?? null;
}

function plainOf(value: unknown): string | null {
  if (typeof value === "string") return value.trim();
  return typeof value === "number" || typeof value === "boolean" ? String(value) : null;
}
