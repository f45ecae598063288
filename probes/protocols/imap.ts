// IMAP up to its capabilities, inside TLS where the server offers it (RFC 3501; RFC 9051 s.6.2.1).

import type { Ending, Talk, Terms } from "./conversation.ts";
import {
  answered,
  beginTls,
  greeting,
  notSpoken,
  readLine,
  refused,
  send,
  sendMany,
} from "./talk.ts";

/** Some 150 bytes each: together they fill segments, and the commands together do not. */
const COMMANDS = 30;

/** @param secured whether all of it is inside TLS already (RFC 8314 s.3.2) */
export function* imap(terms: Terms, secured = false): Talk<Ending> {
  if (secured) yield* beginTls(terms);
  const hello = yield* readLine(terms.inbox);
  const state = /^\* (OK|PREAUTH|BYE)\b/i.exec(hello)?.[1]?.toUpperCase();
  if (state === undefined) return notSpoken("IMAP", hello);
  yield greeting(hello);
  if (state === "BYE") return refused(hello);
  const offer = yield* ask(terms, "a1", "CAPABILITY");
  // RFC 3501 s.6.2.1: not once somebody is logged in.
  if (
    !secured &&
    state === "OK" &&
    offer.some((line) => /^\* CAPABILITY.* STARTTLS\b/i.test(line))
  ) {
    const consent = yield* ask(terms, "a2", "STARTTLS");
    if (/^a2 OK\b/i.test(consent.at(-1) ?? "")) yield* beginTls(terms);
  }
  yield { kind: "large", direction: "inbound" };
  const tags = Array.from({ length: COMMANDS }, (_, n) => `b${n}`);
  yield sendMany(tags.map((tag) => `${tag} CAPABILITY\r\n`));
  yield* untilTagged(terms, tags.at(-1) ?? "");
  yield send("z1 LOGOUT\r\n");
  return answered(hello);
}

function* ask(terms: Terms, tag: string, command: string): Talk<readonly string[]> {
  yield send(`${tag} ${command}\r\n`);
  return yield* untilTagged(terms, tag);
}

/** The lines of an answer; a server that says BYE has no more of them. */
function* untilTagged({ inbox }: Terms, tag: string): Talk<readonly string[]> {
  const lines: string[] = [];
  for (;;) {
    const line = yield* readLine(inbox);
    lines.push(line);
    if (line.startsWith(`${tag} `) || /^\* BYE\b/i.test(line)) return lines;
  }
}
