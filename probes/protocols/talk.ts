// What several protocols have in common: waiting for lines, replies and bytes, and the ways to end.

import type { Action, Ending, Talk, Terms } from "./conversation.ts";
import { type Inbox, MAX_LINE_CHARS } from "./inbox.ts";

export function send(text: string): Action {
  return { kind: "send", bytes: Buffer.from(text, "latin1") };
}

/** The same command again and again. @param commands each with its end */
export function sendMany(commands: readonly string[]): Action {
  const bytes = (texts: readonly string[]) => Buffer.from(texts.join(""), "latin1");
  return { kind: "send-many", many: bytes(commands.slice(0, -1)), last: bytes(commands.slice(-1)) };
}

export function greeting(line: string): Action {
  return { kind: "greeting", line: line.slice(0, MAX_LINE_CHARS) };
}

export function answered(detail: string): Ending {
  return { kind: "answered", detail: detail.slice(0, MAX_LINE_CHARS) };
}

export function refused(detail: string): Ending {
  return { kind: "refused", detail: detail.slice(0, MAX_LINE_CHARS) };
}

/** @param protocol as people call it @param line what came in place of it */
export function notSpoken(protocol: string, line: string): Ending {
  const told = line.slice(0, MAX_LINE_CHARS);
  return { kind: "other-protocol", detail: `answered, not in ${protocol}: ${told}` };
}

/** The server's certificate is what fills segments; our own hello does where it is padded. */
export function* beginTls({ padBytes }: Pick<Terms, "padBytes">): Talk<void> {
  yield { kind: "large", direction: "inbound" };
  if (padBytes !== null) yield { kind: "large", direction: "outbound" };
  yield { kind: "tls" };
}

export function* readLine(inbox: Inbox): Talk<string> {
  for (;;) {
    const line = inbox.takeLine();
    if (line !== null) return line;
    yield null;
  }
}

export function* readBytes(inbox: Inbox, bytes: number): Talk<Buffer> {
  for (;;) {
    const taken = inbox.take(bytes);
    if (taken !== null) return taken;
    yield null;
  }
}

export interface Reply {
  /** Null where the first line is no reply at all. */
  readonly code: number | null;
  /** The first line as it came. */
  readonly line: string;
  /** What the lines hold behind the code, one for each. */
  readonly texts: readonly string[];
}

/** A reply of one or more lines with a code of three digits (RFC 5321 s.4.2.1, RFC 959 s.4.2). */
export function* readReply(inbox: Inbox): Talk<Reply> {
  const line = yield* readLine(inbox);
  const [, digits, mark, text = ""] = /^([1-5]\d\d)(?:([ -])(.*))?$/.exec(line) ?? [];
  if (digits === undefined) return { code: null, line, texts: [] };
  const texts = [text];
  for (let more = mark === "-"; more; ) {
    const next = yield* readLine(inbox);
    more = next !== digits && !next.startsWith(`${digits} `);
    texts.push(next.replace(/^\d{3}[ -]/, ""));
  }
  return { code: Number(digits), line, texts };
}
