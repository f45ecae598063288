// The ports of protocols: which one a scheme has, and which protocol a port means.

import type { Scheme } from "./schema/run-choices.ts";

/** By the IANA's registry of service names and port numbers. */
const PORTS: readonly (readonly [scheme: Scheme, port: number])[] = [
  ["https", 443],
  ["http", 80],
  ["ssh", 22],
  ["git", 9418],
  ["smtp", 25],
  ["smtps", 465],
  ["imap", 143],
  ["imaps", 993],
  ["pop3", 110],
  ["pop3s", 995],
  ["ftp", 21],
  ["postgres", 5432],
  ["mysql", 3306],
];

const FURTHER_PORTS: typeof PORTS = [
  ["smtp", 587],
  ["http", 8080],
  ["https", 8443],
  // Printers print whatever arrives there (LPD, IPP, raw): connecting is all that is done.
  ["tcp", 515],
  ["tcp", 631],
  ["tcp", 9100],
];

/** Names that programs have for them beside their own (libpq; git-clone(1)). */
const ALIASES: Readonly<Record<string, Scheme>> = {
  postgresql: "postgres",
  "git+ssh": "ssh",
  "ssh+git": "ssh",
};

/** The schemes that a URL may have. */
export const URL_SCHEMES: readonly Scheme[] = [
  ...PORTS.map(([scheme]) => scheme),
  "tcp",
  "udp",
  "icmp",
];

/** @param text what stands before "://"; null where it is no scheme that a trace has */
export function schemeNamed(text: string): Scheme | null {
  const name = text.toLowerCase();
  return ALIASES[name] ?? URL_SCHEMES.find((scheme) => scheme === name) ?? null;
}

/** Null where the scheme has no port of its own. */
export function portOf(scheme: Scheme): number | null {
  return PORTS.find(([name]) => name === scheme)?.[1] ?? null;
}

/** What is spoken on a port where nobody says; "unknown" where its number does not tell. */
export function schemeOfPort(port: number): Scheme {
  return [...PORTS, ...FURTHER_PORTS].find(([, number]) => number === port)?.[0] ?? "unknown";
}

/** Inside TLS from the first byte on. */
const TLS_FIRST: readonly Scheme[] = ["https", "smtps", "imaps", "pop3s"];

/** Whether a TLS handshake comes before anything else. */
export function beginsWithTls(scheme: Scheme): boolean {
  return TLS_FIRST.includes(scheme);
}

/**
 * Whether programs check the certificate: those of databases do not unless told to, and mail servers take any of each
 * other (RFC 7435). A port without a protocol of its own is asked for HTTPS.
 */
export function isCertificateChecked(scheme: Scheme): boolean {
  return beginsWithTls(scheme) || scheme === "unknown";
}
