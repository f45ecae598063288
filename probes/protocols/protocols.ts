// Which conversation a scheme has, and which scheme a server's first bytes are of.

import type { Scheme } from "../../src/schema/run-choices.ts";
import type { Protocol } from "./conversation.ts";
import { ftp } from "./ftp.ts";
import { git } from "./git.ts";
import { imap } from "./imap.ts";
import { mysql } from "./mysql.ts";
import { pop3 } from "./pop3.ts";
import { postgres } from "./postgres.ts";
import { smtp } from "./smtp.ts";
import { ssh } from "./ssh.ts";

/** The schemes that have one; the web's is the exchange of probes/tcp. */
export type SpokenScheme = Exclude<Scheme, "https" | "http" | "tcp" | "udp" | "icmp" | "unknown">;

export const PROTOCOLS: Readonly<Record<SpokenScheme, Protocol>> = {
  ssh,
  git,
  smtp,
  smtps: (terms) => smtp(terms, true),
  imap,
  imaps: (terms) => imap(terms, true),
  pop3,
  pop3s: (terms) => pop3(terms, true),
  ftp,
  postgres,
  mysql,
};

const GREETINGS: readonly (readonly [pattern: RegExp, scheme: SpokenScheme])[] = [
  [/^SSH-/, "ssh"],
  [/^220[ -].*FTP/i, "ftp"],
  [/^220[ -]/, "smtp"],
  [/^\* (OK|PREAUTH|BYE)\b/, "imap"],
  [/^(\+OK|-ERR)\b/, "pop3"],
  // Length, first packet, and version 10 or an error.
  [/^[\s\S]{3}\0[\n\xff]/, "mysql"],
];

/** The protocol of a server that speaks first; null where its words are nobody's here, or not enough. */
export function schemeOfGreeting(bytes: Buffer): SpokenScheme | null {
  const text = bytes.toString("latin1", 0, 200);
  return GREETINGS.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}
