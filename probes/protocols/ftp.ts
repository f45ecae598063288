// FTP up to the features, inside TLS where the server takes it (RFC 959, RFC 4217, RFC 2389).

import type { Ending, Talk, Terms } from "./conversation.ts";
import {
  answered,
  beginTls,
  greeting,
  notSpoken,
  readReply,
  refused,
  send,
  sendMany,
} from "./talk.ts";

const SOON = 120;
const READY = 220;
const TLS_NEXT = 234;
/** Some 100 bytes each: together they fill segments, and the commands together do not. */
const COMMANDS = 30;

export function* ftp(terms: Terms): Talk<Ending> {
  const { inbox } = terms;
  let hello = yield* readReply(inbox);
  if (hello.code === SOON) hello = yield* readReply(inbox);
  if (hello.code === null) return notSpoken("FTP", hello.line);
  yield greeting(hello.line);
  if (hello.code !== READY) return refused(hello.line);
  yield send("AUTH TLS\r\n");
  if ((yield* readReply(inbox)).code === TLS_NEXT) {
    yield* beginTls(terms);
    yield send("FEAT\r\n");
    yield* readReply(inbox);
  }
  if (terms.long) {
    yield { kind: "large", direction: "inbound" };
    const commands = Array.from({ length: COMMANDS }, () => "FEAT\r\n");
    yield sendMany(commands);
    for (const _ of commands) yield* readReply(inbox);
  }
  yield send("QUIT\r\n");
  return answered(hello.line);
}
