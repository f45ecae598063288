// Reads `ipconfig /all` by the shape of its rows, in any language.

import ipaddr from "ipaddr.js";
import { addressOf } from "../../src/host/address.ts";
import { linesOf } from "./lines.ts";

export interface IpconfigAddress {
  readonly address: string;
  readonly prefixLength: number | null;
  /** The interface index that stands behind "%" of a link-local address, null without one. */
  readonly zone: number | null;
}

export interface IpconfigBlock {
  /** "Ethernet adapter Ethernet 2": kind and name in the words of that Windows. */
  readonly title: string;
  readonly description: string | null;
  /** False when the block has a media state, which only adapters without a cable do. */
  readonly connected: boolean;
  readonly addresses: readonly IpconfigAddress[];
  readonly dnsServers: readonly string[];
}

export interface Ipconfig {
  readonly blocks: readonly IpconfigBlock[];
  /** Lines of no known shape, as they came. */
  readonly notUnderstood: readonly string[];
}

interface Row {
  readonly label: string;
  readonly values: readonly string[];
}

interface RawBlock {
  readonly title: string;
  readonly rows: readonly Row[];
}

/**
 * What is distinguished without reading a label's words:
 * - a title stands at the margin and ends in a colon; a row is indented, with dots before its colon;
 *   a value alone on a line belongs to the row above;
 * - an own IPv4 address is followed by its subnet mask; an own IPv6 address stands alone in its row, with a state in
 *   parentheses behind it, or in a row whose label names IPv6;
 * - the first row is the DNS suffix, and before it only a media state can stand;
 * - name servers are the addresses of a row whose label holds "DNS", which every language leaves as it is.
 * Never throws.
 */
export function parseIpconfig(text: string): Ipconfig {
  const { blocks, notUnderstood } = rawBlocks(dedented(text));
  // A sentence that ends in a colon is no adapter.
  const empty = blocks.filter(({ rows }) => rows.length === 0).map(({ title }) => title);
  const adapters = blocks.filter(({ rows }) => rows.length > 0);
  return { blocks: adapters.map(readBlock), notUnderstood: [...notUnderstood, ...empty] };
}

/** People post it indented. */
function dedented(text: string): readonly string[] {
  const lines = linesOf(text).map((line) => line.replace(/\s+$/, "").replaceAll("\t", "    "));
  const indents = lines.filter((line) => line !== "").map((line) => /^ */.exec(line)?.[0].length);
  const common = Math.min(...indents.map((indent) => indent ?? 0));
  return Number.isFinite(common) ? lines.map((line) => line.slice(common)) : lines;
}

function rawBlocks(lines: readonly string[]): {
  readonly blocks: readonly RawBlock[];
  readonly notUnderstood: readonly string[];
} {
  const blocks: { title: string; rows: { label: string; values: string[] }[] }[] = [];
  const notUnderstood: string[] = [];
  for (const line of lines.filter((candidate) => candidate !== "")) {
    const rows = blocks.at(-1)?.rows;
    const title = titleOf(line);
    const row = rowOf(line);
    const value = line.trim();
    if (title !== null) blocks.push({ title, rows: [] });
    else if (row !== null && rows !== undefined) rows.push(row);
    else if (isContinuation(line) && rows?.length) rows.at(-1)?.values.push(value);
    // Before the first adapter stand the heading and the host's own rows.
    else if (rows !== undefined) notUnderstood.push(line);
  }
  return { blocks, notUnderstood };
}

/** Full-width colons come from Chinese and Japanese texts that were typed again. */
function titleOf(line: string): string | null {
  const title = /^([^\s].*?)\s*[:：]$/.exec(line)?.[1] ?? null;
  return title === null || /\.( \.)+/.test(title) || /\.\s*$/.test(title) ? null : title;
}

/** A label ends in dots before its colon; a long one has no room for them. */
function rowOf(line: string): { label: string; values: string[] } | null {
  const dotted = /^\s*(\S.*?)[ .]*[. ] *[:：](?:\s+(.*))?$/.exec(line);
  const isDotted = dotted !== null && /\. ?\.|\.\s*[:：]/.test(line);
  const plain = /^\s+(\S[^:：]*)[:：](?:\s+(.*))?$/.exec(line);
  const [, label, value] = (isDotted ? dotted : plain) ?? [];
  if (label === undefined || (!isDotted && addressIn(line) !== null)) return null;
  return { label: label.trim(), values: value === undefined || value === "" ? [] : [value.trim()] };
}

/** Deeper than any label, or nothing but an address. */
const CONTINUATION_INDENT = 20;

function isContinuation(line: string): boolean {
  return line.search(/\S/) >= CONTINUATION_INDENT || addressIn(line) !== null;
}

function readBlock({ title, rows }: RawBlock): IpconfigBlock {
  const suffix = rows.findIndex(({ label }) => /DNS/i.test(label));
  const description = rows[suffix + 1];
  const own = rows.flatMap((row, index) => ownAddress(row, rows[index + 1]) ?? []);
  return {
    title,
    description: suffix >= 0 && hasHardwareRow(rows) ? plainText(description) : null,
    connected: suffix === 0 || own.length > 0,
    addresses: own,
    dnsServers: rows
      .filter(({ label }) => /DNS/i.test(label))
      .flatMap(({ values }) => values)
      .flatMap((value) => addressIn(value)?.text ?? []),
  };
}

/** Only /all has descriptions, and it has a hardware address beside them (empty for some adapters). */
function hasHardwareRow(rows: readonly Row[]): boolean {
  const mac = /^[0-9A-Fa-f]{2}([-:][0-9A-Fa-f]{2}){5,}$/;
  const suffix = rows.findIndex(({ label }) => /DNS/i.test(label));
  const third = rows[suffix + 2];
  return (
    rows.some(({ values }) => mac.test(values[0] ?? "")) ||
    (third !== undefined && third.values.length === 0 && rows.length > suffix + 4)
  );
}

function plainText(row: Row | undefined): string | null {
  const value = row?.values[0] ?? "";
  return value === "" || addressIn(value) !== null ? null : value;
}

function ownAddress(row: Row, next: Row | undefined): IpconfigAddress | null {
  const [value, ...more] = row.values;
  const found = value === undefined || more.length > 0 ? null : addressIn(value);
  if (found === null || maskLength(value) !== null) return null;
  if (found.family === 4) {
    const prefixLength = maskLength(next?.values[0]);
    return prefixLength === null ? null : { address: found.address, prefixLength, zone: null };
  }
  const own = found.state || /(^|[^A-Za-z])IPv6/i.test(row.label);
  const zone = found.zone !== null && /^\d+$/.test(found.zone) ? Number(found.zone) : null;
  return own ? { address: found.address, prefixLength: null, zone } : null;
}

/** The prefix length of "255.255.240.0"; null for anything that is no mask. */
export function maskLength(text: string | undefined): number | null {
  const address = text === undefined ? null : addressOf(text);
  if (address?.family !== 4) return null;
  // A mask of no bits is an address too, and no adapter has one.
  return ipaddr.IPv4.parse(address.address).prefixLengthFromSubnetMask() || null;
}

/** An address with or without its state: "192.0.2.10(Preferred)", "fe80::1%11 (優先)". */
function addressIn(text: string) {
  const [, bare = "", state] = /^\s*([0-9A-Fa-f:.%]+)\s*([(（].*[)）])?\s*$/.exec(text) ?? [];
  const address = addressOf(bare);
  if (address === null) return null;
  const zone = address.zone === null ? "" : `%${address.zone}`;
  return { ...address, text: `${address.address}${zone}`, state: state !== undefined };
}
