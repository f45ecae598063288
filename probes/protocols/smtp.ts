// SMTP up to the second EHLO, inside TLS where the server offers it (RFC 5321; STARTTLS: RFC 3207).

import type { Ending, Talk, Terms } from "./conversation.ts";
import { answered, beginTls, greeting, notSpoken, readReply, refused, send } from "./talk.ts";

const READY = 220;
/** The server goes away (RFC 5321 s.3.8). */
const CLOSING = 421;
/** A name that nobody has (RFC 2606 s.2): this client has none of its own to give. */
const EHLO = "EHLO wsl-trace.invalid\r\n";

/** @param secured whether all of it is inside TLS already (RFC 8314 s.3.3) */
export function* smtp(terms: Terms, secured = false): Talk<Ending> {
  const { inbox } = terms;
  if (secured) yield* beginTls(terms);
  const hello = yield* readReply(inbox);
  if (hello.code === null) return notSpoken("SMTP", hello.line);
  yield greeting(hello.line);
  if (hello.code !== READY) return refused(hello.line);
  yield send(EHLO);
  const offer = yield* readReply(inbox);
  if (offer.code === CLOSING) return refused(offer.line);
  if (!secured && offer.texts.some((text) => text.toUpperCase() === "STARTTLS")) {
    yield send("STARTTLS\r\n");
    if ((yield* readReply(inbox)).code === READY) {
      yield* beginTls(terms);
      yield send(EHLO);
      yield* readReply(inbox);
    }
  }
  yield send("QUIT\r\n");
  return answered(hello.line);
}
