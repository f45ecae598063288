// POP3 up to its capabilities, inside TLS where the server offers it (RFC 1939, RFC 2449; STLS: RFC 2595 s.4).

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

/** Some 80 bytes each: together they fill segments, and the commands together do not. */
const COMMANDS = 40;

/** @param secured whether all of it is inside TLS already (RFC 8314 s.3.1) */
export function* pop3(terms: Terms, secured = false): Talk<Ending> {
  if (secured) yield* beginTls(terms);
  const hello = yield* readLine(terms.inbox);
  if (!/^(\+OK|-ERR)\b/i.test(hello)) return notSpoken("POP3", hello);
  yield greeting(hello);
  if (hello.startsWith("-")) return refused(hello);
  yield send("CAPA\r\n");
  const offer = (yield* readCapabilities(terms)).map((line) => line.toUpperCase());
  if (!secured && offer.includes("STLS")) {
    yield send("STLS\r\n");
    if (isOk(yield* readLine(terms.inbox))) yield* beginTls(terms);
  }
  if (offer.includes("PIPELINING")) {
    yield { kind: "large", direction: "inbound" };
    const commands = Array.from({ length: COMMANDS }, () => "CAPA\r\n");
    yield sendMany(commands);
    for (const _ of commands) yield* readCapabilities(terms);
  }
  yield send("QUIT\r\n");
  return answered(hello);
}

/** Empty where the server has none to tell. */
function* readCapabilities({ inbox }: Terms): Talk<readonly string[]> {
  const lines: string[] = [];
  if (!isOk(yield* readLine(inbox))) return lines;
  for (;;) {
    const line = yield* readLine(inbox);
    if (line === ".") return lines;
    lines.push(line);
  }
}

function isOk(line: string): boolean {
  return /^\+OK\b/i.test(line);
}
