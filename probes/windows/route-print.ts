// Reads `route print` by the shape of its rows, in any language.

import { addressOf, prefixOf } from "../../src/host/address.ts";
import { maskLength } from "./ipconfig.ts";
import { linesOf } from "./lines.ts";

export interface PrintedRoute {
  /** "192.0.2.0/24". */
  readonly prefix: string;
  /** Null when the destination is on the link itself. */
  readonly nextHop: string | null;
  /** Route metric and interface metric together: the table does not part them. */
  readonly metric: number;
  /** The IPv4 table names the interface by its address, the IPv6 table by its index. */
  readonly interface: { readonly address: string } | { readonly index: number };
}

export interface PrintedInterface {
  readonly index: number;
  readonly description: string;
}

export interface RoutePrint {
  readonly interfaces: readonly PrintedInterface[];
  readonly routes: readonly PrintedRoute[];
  /** Lines with a number or an address in them that have no known shape; persistent routes are none. */
  readonly notUnderstood: readonly string[];
}

/** "On-link" is translated on some machines, so a next hop is an address or any words. Never throws. */
export function parseRoutePrint(text: string): RoutePrint {
  const interfaces: PrintedInterface[] = [];
  const routes: PrintedRoute[] = [];
  const notUnderstood: string[] = [];
  for (const line of joined(text)) {
    const adapter = interfaceRow(line);
    const route = ipv4Row(line) ?? ipv6Row(line);
    if (adapter !== null) interfaces.push(adapter);
    else if (route !== null) routes.push(route);
    else if (/\d/.test(line) && !isPersistent(line) && !/^\s*IPv[46]/.test(line)) {
      notUnderstood.push(line);
    }
  }
  return { interfaces, routes, notUnderstood };
}

/** A long IPv6 prefix leaves no room, and its next hop stands in the next line. */
function joined(text: string): readonly string[] {
  const lines: string[] = [];
  for (const line of linesOf(text).map((candidate) => candidate.trimEnd())) {
    const last = lines.at(-1) ?? "";
    const open = /^\s*\d+\s+\d+\s+[0-9A-Fa-f:]+\/\d+$/.test(last);
    if (open && /^\s{8,}\S/.test(line)) lines[lines.length - 1] = `${last} ${line.trim()}`;
    else if (line !== "") lines.push(line);
  }
  return lines;
}

function interfaceRow(line: string): PrintedInterface | null {
  const row = /^\s*(\d+)\.{3}(?:[0-9A-Fa-f]{2} )*\.*\s*(\S.*)$/.exec(line);
  const [, index, description] = row ?? [];
  return index === undefined || description === undefined
    ? null
    : { index: Number(index), description };
}

function ipv4Row(line: string): PrintedRoute | null {
  const [, network = "", mask, hop = "", own, metric] =
    /^\s*([\d.]+)\s+([\d.]+)\s+(\S.*?)\s+([\d.]+)\s+(\d+)$/.exec(line) ?? [];
  const length = mask === "0.0.0.0" ? 0 : maskLength(mask);
  const prefix = length === null ? null : prefixOf(network, length);
  const address = addressOf(own ?? "");
  if (prefix === null || address === null) return null;
  const nextHop = hopOf(hop);
  if (nextHop === undefined) return null;
  const { text } = prefix;
  return { prefix: text, nextHop, metric: Number(metric), interface: { address: address.address } };
}

function ipv6Row(line: string): PrintedRoute | null {
  const [, index, metric, network = "", hop = ""] =
    /^\s*(\d+)\s+(\d+)\s+([0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*\/\d+)(?:\s+(\S.*))?$/.exec(line) ?? [];
  const prefix = prefixOf(network);
  const nextHop = hopOf(hop);
  if (prefix === null || nextHop === undefined || hop === "") return null;
  return {
    prefix: prefix.text,
    nextHop,
    metric: Number(metric),
    interface: { index: Number(index) },
  };
}

/** The address, null for words, undefined for what looks like an address and is none. */
function hopOf(text: string): string | null | undefined {
  const address = addressOf(text);
  if (address !== null) return address.zone === null ? address.address : text.trim();
  return /^[\d.:]+$/.test(text) ? undefined : null;
}

/** "192.0.2.0  255.255.255.0  192.0.2.1  3": no interface, since it is not in force. */
function isPersistent(line: string): boolean {
  return /^\s*[\d.]+\s+[\d.]+\s+[\d.]+\s+\S+$/.test(line);
}
