// MySQL's and MariaDB's protocol, to its end as a client would: a client that only looks is counted, and its host
// blocked (max_connect_errors). MySQL internals, "Connection Phase"; MariaDB's knowledge base, "Connecting".

import type { Action, Ending, Talk, Terms } from "./conversation.ts";
import { answered, beginTls, greeting, notSpoken, readBytes, refused } from "./talk.ts";

const CAPABILITIES = {
  protocol41: 0x200,
  ssl: 0x800,
  secureConnection: 0x8000,
  pluginAuth: 0x80000,
  connectAttributes: 0x100000,
} as const;
const { protocol41, ssl, secureConnection, pluginAuth, connectAttributes } = CAPABILITIES;

const VERSION_10 = 10;
const ERROR = 0xff;
const SWITCH = 0xfe;
const OK = 0;
const QUIT = 1;
const UTF8 = 33;
/** Too many connections, and a host that is blocked for its errors (ER_CON_COUNT_ERROR, ER_HOST_IS_BLOCKED). */
const REFUSALS: readonly number[] = [1040, 1129];
const USER = "wsl-trace";
/** Longer attributes are cut by the server or refused (performance_schema; protocol: 64 KB). */
const MAX_PADDING = 32_000;
/** Messages before anybody is logged in are short; what claims more is none. */
const MAX_PACKET = 16_384;
/** The server asks in some other way again, at most so often. */
const MAX_ROUNDS = 5;

export function* mysql(terms: Terms): Talk<Ending> {
  const hello = yield* readPacket(terms);
  const server = hello === null ? null : readHello(hello.payload);
  if (hello === null || server === null) {
    return notSpoken("MySQL's protocol", terms.inbox.firstLine() ?? "");
  }
  yield greeting(server.line);
  if (server.error !== null) {
    return REFUSALS.includes(server.error) ? refused(server.line) : answered(server.line);
  }
  const shared = server.capabilities & (CLIENT | ssl);
  const secure = (shared & ssl) !== 0;
  if (secure) {
    yield packet(hello.sequence + 1, settings(shared));
    yield* beginTls(terms);
  }
  const padBytes = secure || (shared & connectAttributes) === 0 ? null : terms.padBytes;
  if (padBytes !== null) yield { kind: "large", direction: "outbound" };
  yield packet(hello.sequence + (secure ? 2 : 1), login(shared, padBytes));
  return yield* finish(terms, server.line);
}

const CLIENT = protocol41 | secureConnection | pluginAuth | connectAttributes;

interface Hello {
  readonly line: string;
  /** The code of an error that came in place of a greeting. */
  readonly error: number | null;
  readonly capabilities: number;
}

/** Null for what is neither a greeting of version 10 nor an error. */
function readHello(payload: Buffer): Hello | null {
  if (payload[0] === ERROR) {
    return { line: errorLine(payload), error: codeOf(payload), capabilities: 0 };
  }
  const end = payload.indexOf(0, 1);
  // Behind the version: thread id (4), salt (8), filler (1), capabilities (2), letters (1), status (2), capabilities (2).
  const at = end + 1 + 13;
  if (payload[0] !== VERSION_10 || end < 0 || payload.length < at + 2) return null;
  const line = payload.toString("latin1", 1, end);
  const upper = payload.length < at + 7 ? 0 : payload.readUInt16LE(at + 5);
  return { line, error: null, capabilities: upper * 0x10000 + payload.readUInt16LE(at) };
}

/** Until the server refuses the user, or, which would be odd, takes it. */
function* finish(terms: Terms, line: string): Talk<Ending> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const reply = yield* readPacket(terms);
    const kind = reply?.payload[0];
    if (reply === null || kind === undefined) return answered(line);
    if (kind === ERROR) return answered(`${line}: ${errorLine(reply.payload)}`);
    if (kind === OK) {
      yield packet(0, Buffer.from([QUIT]));
      return answered(line);
    }
    // An empty answer: no password.
    if (kind === SWITCH) yield packet(reply.sequence + 1, Buffer.alloc(0));
  }
  return answered(line);
}

/** HandshakeResponse41 up to the user's name, which alone is an SSLRequest. */
function settings(capabilities: number): Buffer {
  const head = Buffer.alloc(32);
  head.writeUInt32LE(capabilities, 0);
  head.writeUInt32LE(MAX_PACKET, 4);
  head.writeUInt8(UTF8, 8);
  return head;
}

function login(capabilities: number, padBytes: number | null): Buffer {
  const padding = "p".repeat(Math.min(padBytes ?? 0, MAX_PADDING));
  const attributes = Buffer.concat([counted("program_name"), counted(`${USER}${padding}`)]);
  const plugin = Buffer.from("mysql_native_password\0");
  return Buffer.concat([
    settings(capabilities),
    // The user's name, and no password: an answer of no bytes.
    Buffer.from(`${USER}\0\0`),
    ...((capabilities & pluginAuth) === 0 ? [] : [plugin]),
    ...((capabilities & connectAttributes) === 0 ? [] : [countOf(attributes.length), attributes]),
  ]);
}

/** A string with its length before it (length-encoded). */
function counted(text: string): Buffer {
  return Buffer.concat([countOf(text.length), Buffer.from(text, "latin1")]);
}

/** MySQL internals, "Length-Encoded Integer". */
function countOf(length: number): Buffer {
  if (length < 251) return Buffer.from([length]);
  return Buffer.from([0xfc, length & 0xff, length >> 8]);
}

function packet(sequence: number, payload: Buffer): Action {
  const head = Buffer.alloc(4);
  head.writeUIntLE(payload.length, 0, 3);
  head.writeUInt8(sequence & 0xff, 3);
  return { kind: "send", bytes: Buffer.concat([head, payload]) };
}

/** Null for a length that none has here. */
function* readPacket({
  inbox,
}: Terms): Talk<{ readonly sequence: number; readonly payload: Buffer } | null> {
  const head = yield* readBytes(inbox, 4);
  const length = head.readUIntLE(0, 3);
  if (length === 0 || length > MAX_PACKET) return null;
  return { sequence: head.readUInt8(3), payload: yield* readBytes(inbox, length) };
}

/** A code (2), and with it a state of "#" and five letters, then the message. */
function errorLine(payload: Buffer): string {
  return `error ${codeOf(payload)}: ${payload.toString("latin1", 3).replace(/^#.{5}/, "")}`;
}

function codeOf(payload: Buffer): number {
  return payload.length < 3 ? 0 : payload.readUInt16LE(1);
}
