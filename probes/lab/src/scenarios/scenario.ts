// A lab scenario: a network, what is wrong in it, and the verdict that a trace must come to.

import type { Direction, SegmentKind, Verdict } from "../../../../src/schema/verdict.ts";
import type { Role, Topology } from "../topology/topology.ts";
import type { Fault } from "./fault.ts";

/** A name server of the lab. */
export interface Resolver {
  readonly at: Role;
  readonly addresses: readonly string[];
  /** "silent" drops every query, over UDP and TCP, without an answer. */
  readonly behaviour: "answer" | "refuse" | "silent";
  /** What it knows, where that is not the scenario's zone. */
  readonly zone?: Zone;
  readonly quirks?: ResolverQuirks;
}

/** Addresses by name; a name with addresses of one family only answers NODATA for the other. */
export type Zone = Readonly<Record<string, readonly string[]>>;

/** What makes a name server that answers an odd one. */
export interface ResolverQuirks {
  /** Record types, or names, that it never answers over UDP or TCP. */
  readonly silent?: readonly string[];
  readonly delayMs?: number;
  /** Made-up A records beside the true one: from 40 on an answer is too long for UDP without EDNS. */
  readonly moreRecords?: number;
  /** Sends long answers over UDP whole, as far as the question allows; else they are cut to 512 bytes. */
  readonly edns?: "answers" | "fails";
  /** Answers every query with SERVFAIL. */
  readonly fails?: true;
  /** Never says that a name or a record of it does not exist. */
  readonly negative?: "lost";
  /** Sends long answers over UDP whole, whatever the question allows. */
  readonly oversize?: true;
}

/** What comes for the first bytes of a client. */
export type OddAnswer =
  | "nothing"
  | "close"
  | "reset"
  /** Another protocol's greeting. */
  | "greeting"
  /** A TLS alert, handshake_failure. */
  | "alert"
  /** The web server's answer with one byte changed. */
  | "damage"
  /** The web server's answer, its first byte later than any program of it would need. */
  | "late-hello"
  /** The handshake at once, the web server's answer to the request late. */
  | "late-answer"
  /** The web server's answer, with a rest in the middle of a long one. */
  | "pause"
  /** The web server's answer, and the end of the connection in the middle of a long one. */
  | "end-early"
  /** A reset for a ClientHello that is longer than a buffer of its own, the web server's answer to others. */
  | "reset-large-hello"
  /** The end of the connection to whoever names the site, the web server's answer to others. */
  | "close-named";

export type ProxyQuirk =
  /** 407, 403. */
  | "wants-login"
  | "denies"
  /** Another protocol's greeting, at once. */
  | "greets"
  /** 200, and then no TLS, or nothing. */
  | "connects-to-garbage"
  | "connects-to-nothing"
  /** 200 later than a round trip explains, and then it connects. */
  | "connects-late"
  /** Takes the connection, and not a word comes back. */
  | "silent";

/** A program of the lab beside name and web servers. */
export type Service =
  /** An HTTP proxy (CONNECT, and requests in plain HTTP), or one of SOCKS 5. */
  | {
      readonly kind: "proxy";
      readonly at: Role;
      readonly port: number;
      readonly speaks?: "http" | "socks5";
      /** What it does in place of connecting; absent: it connects. */
      readonly does?: ProxyQuirk;
      /** Names that it alone knows, with their addresses. */
      readonly knows?: Readonly<Record<string, string>>;
    }
  /** Takes connections and passes them on, unless the first bytes name this: it resets those. */
  | {
      readonly kind: "relay";
      readonly at: Role;
      readonly port: number;
      readonly to: { readonly address: string; readonly port: number };
      readonly resetsNamed: string | null;
    }
  /** Takes connections on one address; passes them on at once, as WSL's relay for Windows' localhost does, or says nothing. */
  | {
      readonly kind: "listener";
      readonly at: Role;
      readonly port: number;
      /** "::" is of IPv6 alone. */
      readonly address: string;
      readonly to: { readonly address: string; readonly port: number } | null;
    }
  /** Takes connections as a server would, and then does something else than a web server. */
  | {
      readonly kind: "odd-server";
      readonly at: Role;
      readonly port: number;
      readonly does: OddAnswer;
      /** The site's name. */
      readonly named: string;
      /** The web server, for what passes some of it on. */
      readonly to: { readonly address: string; readonly port: number };
    }
  /** Ends TLS itself, with a certificate of an authority of its own for every name. */
  | { readonly kind: "inspector"; readonly at: Role; readonly port: number }
  /** A login page for every request. */
  | {
      readonly kind: "captive-portal";
      readonly at: Role;
      readonly port: number;
      readonly location: string;
    };

/** What is in the distro, beside its name servers. */
export interface Distro {
  /** Lines of resolv.conf before and behind the name servers. */
  readonly generatedByWsl: boolean;
  readonly search: readonly string[];
  /** Of resolv.conf; without it one round of two seconds, so that silent servers keep no test waiting. */
  readonly options?: string;
  /** Lines of /etc/hosts; null leaves the machine's own. */
  readonly hosts: string | null;
  /** The line "hosts" of nsswitch.conf, without its keyword; absent: the machine's own file. */
  readonly nameSources?: string;
  readonly env: Readonly<Record<string, string>>;
  /** Run in the distro before each trace; the exit code does not count. */
  readonly before: readonly (readonly string[])[];
}

/** Which name servers Windows knows, and from where. */
export interface WindowsNames {
  /** By the adapter's alias. */
  readonly adapterServers: Readonly<Record<string, readonly string[]>>;
  readonly nrpt: readonly { readonly namespace: string; readonly servers: readonly string[] }[];
}

export interface ServerOptions {
  /** "large": a certificate chain of about 4 kB; "tiny": one that fits a single segment. */
  readonly flight: "large" | "tiny";
  readonly bodyBytes: number;
  /** The header that offers HTTP/3. */
  readonly altSvc?: string;
  /** How many days its certificates begin ahead, and its clock. */
  readonly certificateDaysAhead?: number;
  readonly clockDaysAhead?: number;
}

/** What a report must hold; null in inboundPmtu leaves that open. */
export interface Expected {
  readonly verdict: Verdict;
  /** Where chance decides between that one and others. */
  readonly orVerdicts?: readonly Verdict[];
  /** The first finding that is no note; null when there must be none. */
  readonly cause: string | null;
  readonly segment: SegmentKind | null;
  /** Where chance may leave the segment open. */
  readonly orOpen?: true;
  readonly direction: Direction | null;
  readonly inboundPmtu: number | null;
  readonly outboundPmtu?: number;
  /** Causes that must be listed behind the first. */
  readonly alsoCauses: readonly string[];
  /** Causes that are there, and that chance may leave out. */
  readonly mayAlso?: readonly string[];
  /** Causes that must be listed as notes, and may be. */
  readonly notes?: readonly string[];
  /** What an ordinary user without a snapshot may see beside the wider causes that `dependsOn` gives. */
  readonly asUser?: {
    readonly causes?: readonly string[];
    readonly verdicts?: readonly Verdict[];
  };
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** What a user sees. */
  readonly sees: string;
  readonly topology: Topology;
  readonly faults: readonly Fault[];
  readonly resolvers: readonly Resolver[];
  readonly zone: Zone;
  readonly services: readonly Service[];
  readonly distro: Distro;
  /** The name servers in the vantage's resolv.conf. */
  readonly resolvConf: readonly string[];
  readonly windowsNames: WindowsNames;
  /** Sources of the snapshot that no namespace can show, by key: they replace the lab's own. */
  readonly windowsReports: Readonly<Record<string, unknown>>;
  readonly server: ServerOptions;
  /** Where the program under test runs. */
  readonly vantage: Role;
  /** What it traces. */
  readonly target: string;
  /** The command that shows it; only "dns" tests a name server's answer sizes. */
  readonly command: "path" | "dns" | "inbound";
  /** Options without which it cannot be diagnosed. */
  readonly options: readonly string[];
  /** The family that is traced unless the user chooses one; null: both. */
  readonly family: 4 | 6 | null;
  /** Causes that it only looks like: none of them may be listed, not even as a note. */
  readonly negativeFor: readonly string[];
  readonly expected: Expected;
}
