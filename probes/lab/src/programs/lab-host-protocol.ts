// The messages between the lab and the program that it runs inside a namespace, one JSON object a line.
// Types only: both ends are ours, and a parser would double the time that the program needs to start.

import type { ResolverQuirks, Service } from "../scenarios/scenario.ts";

export interface DnsServerConfig {
  readonly addresses: readonly string[];
  readonly behaviour: "answer" | "refuse";
  readonly zone: Readonly<Record<string, readonly string[]>>;
  readonly quirks: ResolverQuirks;
}

/** A service, with what it needs to know beside its own data. */
export interface ServiceConfig {
  readonly service: Service;
  /** For a proxy, which looks names up itself. */
  readonly zone: Readonly<Record<string, readonly string[]>>;
  /** For an inspector: by server name. */
  readonly certificates: Readonly<Record<string, { readonly chain: string; readonly key: string }>>;
}

export interface WebServerConfig {
  /** PEM: leaf first, then the intermediate. */
  readonly chain: string;
  readonly key: string;
  readonly bodyBytes: number;
  /** Headers of each answer. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The first line: what to serve. The program answers {"ready":true} when all of it listens. */
export interface LabHostConfig {
  readonly dns: readonly DnsServerConfig[];
  readonly web: WebServerConfig | null;
  readonly services: readonly ServiceConfig[];
}

/** Any further line: what to probe from inside, as Windows would. */
export type LabHostRequest =
  | {
      readonly try: "resolve";
      readonly name: string;
      /** In the order in which Windows queries them. */
      readonly servers: readonly string[];
    }
  | { readonly try: "reach"; readonly address: string; readonly port: number };

/** A row of "resolve" in a host snapshot. */
export interface ResolveRow {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly servers: readonly string[];
  readonly ms: number;
  readonly error: string | null;
}

/** A row of "reach" in a host snapshot. */
export interface ReachRow {
  readonly address: string;
  readonly port: number;
  readonly ok: boolean;
  readonly ms: number;
  readonly error: string | null;
}

/** The answers, in the order of the requests. */
export type LabHostAnswer =
  | { readonly kind: "ready" }
  | { readonly kind: "failed"; readonly why: string }
  | { readonly kind: "resolve"; readonly row: ResolveRow }
  | { readonly kind: "reach"; readonly row: ReachRow };
