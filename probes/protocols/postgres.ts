// PostgreSQL up to the server's request for authentication (PostgreSQL's manual, "Message Formats" and s. "SSL Session Encryption").

import type { Ending, Talk, Terms } from "./conversation.ts";
import { answered, beginTls, greeting, notSpoken, readBytes, refused } from "./talk.ts";

const SSL_REQUEST = 80_877_103;
const VERSION_3 = 196_608;
const USER = "wsl-trace";
/** postmaster.c, MAX_STARTUP_PACKET_LENGTH, with room for the rest of the message. */
const MAX_PADDING = 9_000;
/**
 * Options that a server does not know are repeated by their names, all of them (manual, "Message Formats", NegotiateProtocolVersion);
 * older ones refuse the start, and name them as well.
 */
const UNKNOWN_OPTION = `_pq_.wsl_trace_${"n".repeat(2000)}`;
const NEGOTIATE = "v";
/** Errors before the start are short; what claims more is none. */
const MAX_MESSAGE = 30_000;
/** SQLSTATE class 57P and 53300: not ready, or full (manual, appendix A). */
const REFUSALS = /^(57P|53)/;

export function* postgres(terms: Terms): Talk<Ending> {
  const { inbox, padBytes, long } = terms;
  yield { kind: "send", bytes: words(SSL_REQUEST) };
  const consent = (yield* readBytes(inbox, 1)).toString("latin1");
  if (consent === "S") yield* beginTls(terms);
  // Before 7.0, and where the server cannot fork: an error in place of a letter.
  else if (consent === "E") return refused(inbox.firstLine() ?? "");
  else if (consent !== "N") return notSpoken("PostgreSQL's protocol", inbox.firstLine() ?? "");
  if (padBytes !== null && consent === "N") yield { kind: "large", direction: "outbound" };
  if (long) yield { kind: "large", direction: "inbound" };
  yield { kind: "send", bytes: startup(consent === "N" ? padBytes : null, long) };
  const [kind, body] = yield* readAnswer(terms);
  if (body === null) return notSpoken("PostgreSQL's protocol", inbox.firstLine() ?? "");
  const fields = kind === "E" ? errorFields(body) : null;
  const line = fields === null ? "authentication request" : `${fields.severity}: ${fields.message}`;
  yield greeting(line);
  // Without a password libpq closes here, too: any other message would be taken for one.
  return fields !== null && REFUSALS.test(fields.code) ? refused(line) : answered(line);
}

function startup(padBytes: number | null, long: boolean): Buffer {
  const padding = padBytes === null ? "" : "p".repeat(Math.min(padBytes, MAX_PADDING));
  const unknown = long ? [UNKNOWN_OPTION, ""] : [];
  const settings = ["user", USER, ...unknown, "application_name", `${USER}${padding}`, ""];
  const text = Buffer.from(`${settings.join("\0")}\0`, "latin1");
  return words(VERSION_3, text);
}

/** A message without a kind: its length with itself, a number, the rest. */
function words(number: number, rest = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(head.length + rest.length, 0);
  head.writeUInt32BE(number, 4);
  return Buffer.concat([head, rest]);
}

/** Behind what it says of options that it does not know. */
function* readAnswer(terms: Terms): ReturnType<typeof readMessage> {
  const first = yield* readMessage(terms);
  const [kind, body] = first;
  return kind === NEGOTIATE && body !== null ? yield* readMessage(terms) : first;
}

/** Of the kinds that may come first: ErrorResponse, Authentication, NegotiateProtocolVersion; null for no such message. */
function* readMessage({ inbox }: Terms): Talk<readonly [kind: string, body: Buffer | null]> {
  const head = yield* readBytes(inbox, 5);
  const kind = head.toString("latin1", 0, 1);
  const length = head.readUInt32BE(1);
  if (!"ERv".includes(kind) || length < 8 || length > MAX_MESSAGE) return [kind, null];
  return [kind, yield* readBytes(inbox, length - 4)];
}

/** Manual, "Error and Notice Message Fields". */
function errorFields(body: Buffer) {
  const fields = body.toString("latin1").split("\0");
  const field = (kind: string) => fields.find((text) => text.startsWith(kind))?.slice(1) ?? "";
  return { severity: field("S"), code: field("C"), message: field("M") };
}
