// Reads the tables of `netsh interface ipv4|ipv6 show ...` by the shape of their rows, in any language.

import { addressOf, prefixOf } from "../../src/host/address.ts";
import { linesOf } from "./lines.ts";

export type NetshRow =
  /** show interfaces: index, metric, MTU, state, name. */
  | {
      readonly kind: "interface";
      readonly index: number;
      readonly metric: number;
      readonly mtu: number;
      /** Null when the word is in a language that is not known here. */
      readonly connected: boolean | null;
      readonly name: string;
    }
  /** show subinterfaces: MTU, media sense state, bytes in and out, name. */
  | {
      readonly kind: "subinterface";
      readonly mtu: number;
      readonly connected: boolean;
      readonly name: string;
    }
  /** show route: its metric is the route's alone. */
  | {
      readonly kind: "route";
      readonly metric: number;
      readonly prefix: string;
      readonly index: number;
      readonly nextHop: string | null;
    }
  /** show excludedportrange. */
  | { readonly kind: "port-range"; readonly startPort: number; readonly endPort: number };

export interface Netsh {
  readonly rows: readonly NetshRow[];
  /** Lines that begin like a row and are none. */
  readonly notUnderstood: readonly string[];
}

/** Never throws. */
export function parseNetsh(text: string): Netsh {
  const rows: NetshRow[] = [];
  const notUnderstood: string[] = [];
  for (const line of linesOf(text).map((candidate) => candidate.trim())) {
    const row = routeRow(line) ?? subinterfaceRow(line) ?? interfaceRow(line) ?? portRange(line);
    if (row !== null) rows.push(row);
    else if (/^\d/.test(line)) notUnderstood.push(line);
  }
  return { rows, notUnderstood };
}

/** MediaSenseState: 1 is connected, 5 disconnected, in numbers in every language. */
const MEDIA_CONNECTED = 1;

function subinterfaceRow(line: string): NetshRow | null {
  const [, mtu, state, name] = /^(\d+)\s+(\d)\s+\d+\s+\d+\s+(\S.*)$/.exec(line) ?? [];
  if (name === undefined) return null;
  const connected = Number(state) === MEDIA_CONNECTED;
  return { kind: "subinterface", mtu: Number(mtu), connected, name };
}

/** English on every Windows seen, whatever language the headings are in. */
const STATES: Readonly<Record<string, boolean>> = { connected: true, disconnected: false };

function interfaceRow(line: string): NetshRow | null {
  const [, index, metric, mtu, state = "", name] =
    /^(\d+)\s+(\d+)\s+(\d+)\s+([^\d\s]\S*)\s+(\S.*)$/.exec(line) ?? [];
  if (name === undefined) return null;
  const connected = STATES[state.toLowerCase()] ?? null;
  return {
    kind: "interface",
    index: Number(index),
    metric: Number(metric),
    mtu: Number(mtu),
    connected,
    name,
  };
}

function routeRow(line: string): NetshRow | null {
  const [, metric, network = "", index, last = ""] =
    /^\D\S*\s+\D\S*\s+(\d+)\s+([0-9A-Fa-f:.]+\/\d+)\s+(\d+)\s+(\S.*)$/.exec(line) ?? [];
  const prefix = prefixOf(network);
  if (prefix === null) return null;
  // Behind an on-link prefix stands the name of the interface.
  const hop = addressOf(last);
  const nextHop = hop === null ? null : last;
  const { text } = prefix;
  return { kind: "route", metric: Number(metric), prefix: text, index: Number(index), nextHop };
}

const MAX_PORT = 65_535;

function portRange(line: string): NetshRow | null {
  const [, start, end] = /^(\d{1,5})\s+(\d{1,5})(?:\s+\*)?$/.exec(line) ?? [];
  const [startPort, endPort] = [Number(start), Number(end)];
  return end !== undefined && startPort <= endPort && endPort <= MAX_PORT
    ? { kind: "port-range", startPort, endPort }
    : null;
}
