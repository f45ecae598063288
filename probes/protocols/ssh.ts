// SSH up to the server's reply to the key exchange, which fills segments; it ends before anybody is authenticated.
//
// The reply to curve25519 has 888 bytes; to sntrup761x25519 or group18, with a host key of RSA, some 1900. With a short
// host key it has 1250, and fills a segment together with the extensions, which go out in the same write.

import type { Ending, Talk, Terms } from "./conversation.ts";
import {
  type KexInit,
  kexInit,
  MAX_PACKET,
  packet,
  readKexInit,
  readPacket,
  SSH_MSG,
  string,
} from "./ssh-packet.ts";
import { answered, greeting, notSpoken, readLine, refused, send } from "./talk.ts";

const IDENTIFICATION = "SSH-2.0-wsl-trace\r\n";
/** Lines that a server may send before its own identification (RFC 4253 s.4.2): more are no SSH. */
const MAX_LINES = 50;
/** sshd.c, before it closes: too many connections that nobody has logged in to, or a penalty. */
const REFUSAL = /^(Exceeded MaxStartups|Not allowed at this time)/;

interface Exchange {
  readonly name: string;
  readonly publicBytes: number;
  /** Whether the reply fills a segment, with an RSA host key. */
  readonly large: boolean;
  /** A number as in RFC 4253 s.8, whose first bit must not be set; else a string (RFC 8731). */
  readonly isNumber: boolean;
}

/** In the order of preference; the public keys are random bytes of the right length. */
const EXCHANGES: readonly Exchange[] = [
  // draft-ietf-sshm-ntruprime-ssh: 1158 bytes of sntrup761, 32 of X25519.
  { name: "sntrup761x25519-sha512@openssh.com", publicBytes: 1190, large: true, isNumber: false },
  { name: "sntrup761x25519-sha512", publicBytes: 1190, large: true, isNumber: false },
  // RFC 8268: a prime of 8192 bits.
  { name: "diffie-hellman-group18-sha512", publicBytes: 1024, large: true, isNumber: true },
  { name: "curve25519-sha256", publicBytes: 32, large: false, isNumber: false },
  { name: "curve25519-sha256@libssh.org", publicBytes: 32, large: false, isNumber: false },
  { name: "diffie-hellman-group14-sha256", publicBytes: 256, large: false, isNumber: true },
  { name: "diffie-hellman-group14-sha1", publicBytes: 256, large: false, isNumber: true },
];

const CIPHERS = [
  "aes128-ctr",
  "aes256-ctr",
  "chacha20-poly1305@openssh.com",
  "aes128-gcm@openssh.com",
  "aes128-cbc",
  "3des-cbc",
];
const MACS = ["hmac-sha2-256", "hmac-sha2-512", "hmac-sha2-256-etm@openssh.com", "hmac-sha1"];
/** The longest keys first: they make the reply large. */
const HOST_KEYS = [
  "rsa-sha2-512",
  "rsa-sha2-256",
  "ssh-rsa",
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
];
const COMPRESSION = ["none", "zlib@openssh.com"];
/** The server tells its extensions as soon as it has its keys, behind its reply (RFC 8308 s.2.1, s.2.4). */
const EXTENSIONS_WANTED = "ext-info-c";

export function* ssh(terms: Terms): Talk<Ending> {
  const { inbox, random } = terms;
  yield send(IDENTIFICATION);
  const line = yield* readIdentification(terms);
  if (line === null) return notSpoken("SSH", inbox.firstLine() ?? "");
  yield greeting(line);
  if (REFUSAL.test(line)) return refused(line);
  // RFC 4253 s.5.1: 1.99 speaks version 2 as well.
  if (!/^SSH-(2\.0|1\.99)-/.test(line)) return answered(line);
  if (terms.padBytes !== null) yield { kind: "large", direction: "outbound" };
  yield { kind: "send", bytes: packet(ourKexInit(terms), random) };
  const reply = yield* readMessage(terms, SSH_MSG.kexInit);
  if (reply.kind !== "message") return endOf(reply, line);
  const theirs = readKexInit(reply.payload);
  if (theirs === null) return notSpoken("SSH", line);
  return yield* exchange(terms, line, theirs);
}

/** The server's first line, or a refusal in its place; null when neither comes. */
function* readIdentification({ inbox }: Terms): Talk<string | null> {
  for (let n = 0; n < MAX_LINES; n += 1) {
    const line = yield* readLine(inbox);
    if (line.startsWith("SSH-") || REFUSAL.test(line)) return line;
    if (/^HTTP\//.test(line)) return null;
  }
  return null;
}

function* exchange(terms: Terms, line: string, theirs: KexInit): Talk<Ending> {
  const { random } = terms;
  const chosen = EXCHANGES.find(({ name }) => theirs.kex.includes(name));
  const hasKey = HOST_KEYS.some((name) => theirs.hostKeys.includes(name));
  if (chosen !== undefined && hasKey) {
    if (chosen.large) yield { kind: "large", direction: "inbound" };
    const message = Buffer.concat([Buffer.from([SSH_MSG.kexDhInit]), publicKey(chosen, random)]);
    yield { kind: "send", bytes: packet(message, random) };
    const reply = yield* readMessage(terms, SSH_MSG.kexDhReply);
    if (reply.kind !== "message") return endOf(reply, line);
  }
  yield { kind: "send", bytes: packet(disconnect(), random) };
  return answered(line);
}

function publicKey({ publicBytes, isNumber }: Exchange, random: Terms["random"]): Buffer {
  const key = random(publicBytes);
  if (isNumber) key.writeUInt8(((key[0] ?? 0) & 0x3f) | 0x40, 0);
  return string(key);
}

function ourKexInit({ padBytes, random }: Terms): Buffer {
  const names = EXCHANGES.map(({ name }) => name);
  const lists = [[...names, EXTENSIONS_WANTED, ...padding(padBytes)], HOST_KEYS];
  const both = [CIPHERS, MACS, COMPRESSION, []].flatMap((list) => [list, list]);
  return kexInit([...lists, ...both], random(16));
}

/** RFC 4251 s.6: at most 64 letters; what nobody knows is passed over (RFC 4253 s.7.1). */
const NAME_BYTES = 63;
/** With the rest of the message, and room to spare. */
const MAX_PADDING = MAX_PACKET - 4096;

function padding(padBytes: number | null): readonly string[] {
  const count = Math.ceil(Math.min(padBytes ?? 0, MAX_PADDING) / (NAME_BYTES + 1));
  return Array.from({ length: count }, (_, n) =>
    `${n}@wsl-trace.invalid`.padStart(NAME_BYTES, "p"),
  );
}

type Message =
  | { readonly kind: "message"; readonly payload: Buffer }
  | { readonly kind: "disconnect"; readonly reason: number }
  | { readonly kind: "broken" };

/** The next message of a number; those between (ignore, debug, unimplemented) say nothing. */
function* readMessage({ inbox }: Terms, number: number): Talk<Message> {
  for (;;) {
    const payload = yield* readPacket(inbox);
    if (payload === null) return { kind: "broken" };
    if (payload[0] === number) return { kind: "message", payload };
    if (payload[0] === SSH_MSG.disconnect) {
      return { kind: "disconnect", reason: payload.length < 5 ? 0 : payload.readUInt32BE(1) };
    }
  }
}

/** Host not allowed, service not available, too many connections (RFC 4253 s.11.1). */
const REFUSING_REASONS = [1, 7, 12];

function endOf(end: Exclude<Message, { kind: "message" }>, line: string): Ending {
  if (end.kind === "broken") return notSpoken("SSH", line);
  return REFUSING_REASONS.includes(end.reason) ? refused(line) : answered(line);
}

/** By application (RFC 4253 s.11.1), with a word for the server's log. */
function disconnect(): Buffer {
  const reason = Buffer.from([SSH_MSG.disconnect, 0, 0, 0, 11]);
  return Buffer.concat([reason, string(Buffer.from("path tested")), string(Buffer.alloc(0))]);
}
