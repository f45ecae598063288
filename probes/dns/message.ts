// DNS messages of one question: the query, and the answer, read with distrust.

import { decode, encode, type Packet, RECURSION_DESIRED } from "dns-packet";
import type { DnsOutcome } from "../../src/schema/events/dns-replies.ts";

export interface Question {
  readonly server: string;
  readonly name: string;
  readonly type: "A" | "AAAA" | "TXT" | "PTR";
}

/**
 * The query as it goes onto the wire, without TCP's length.
 * @param ednsBytes the UDP payload size that an OPT record offers (RFC 6891 s.6.1.2); null: no such record
 */
export function encodeQuery(question: Question, id: number, ednsBytes: number | null): Buffer {
  const query: Packet = {
    type: "query",
    id,
    flags: RECURSION_DESIRED,
    questions: [{ type: question.type, name: question.name }],
  };
  if (ednsBytes === null) return encode(query);
  const offer = { udpPayloadSize: ednsBytes, extendedRcode: 0, ednsVersion: 0, flags: 0 };
  return encode({
    ...query,
    additionals: [{ type: "OPT", name: ".", ...offer, flag_do: false, options: [] }],
  });
}

const RCODE_MASK = 0xf;
/** RFC 1035 s.4.1.1. */
export const RCODES: readonly string[] = [
  "NOERROR",
  "FORMERR",
  "SERVFAIL",
  "NXDOMAIN",
  "NOTIMP",
  "REFUSED",
];

const HEADER_BYTES = 12;
const RESPONSE_BIT = 0x80;

/**
 * What a message says about the question, as the C library takes it (glibc, resolv/res_send.c and resolv/nss_dns/dns-host.c):
 * the id first and the question next, whatever else it holds; then the records of the asked name, through its CNAMEs.
 * @returns undefined for a message that answers something else: it is not ours to judge
 */
export function readAnswer(
  message: Buffer,
  question: Question,
  id: number,
): DnsOutcome | undefined {
  if (message.length < HEADER_BYTES || message.readUInt16BE(0) !== id) return undefined;
  if ((message.readUInt8(2) & RESPONSE_BIT) === 0) return undefined;
  const packet = decoded(message);
  if (packet === null) return { kind: "malformed", why: "not a DNS message" };
  if (!isWhole(message)) return { kind: "malformed", why: "a record in it is cut off" };
  const [asked] = packet.questions ?? [];
  if (asked !== undefined && !isOf(asked, question)) return undefined;
  const rcode = (packet.flags ?? 0) & RCODE_MASK;
  return {
    kind: "answer",
    rcode: RCODES[rcode] ?? `rcode ${rcode}`,
    addresses: addressesOf(packet.answers ?? [], question),
    truncated: packet.flag_tc ?? false,
    sizeBytes: message.length,
  };
}

type Decoded = ReturnType<typeof decode>;
type Answer = NonNullable<Decoded["answers"]>[number];

function decoded(message: Buffer): Decoded | null {
  try {
    return decode(message);
  } catch {
    return null;
  }
}

function isOf(asked: { readonly name: string; readonly type: string }, { name, type }: Question) {
  return sameName(asked.name, name) && asked.type === type;
}

/** Letter case does not count (RFC 4343). */
function sameName(a: string, b: string): boolean {
  return a.toLowerCase().replace(/\.$/, "") === b.toLowerCase().replace(/\.$/, "");
}

/**
 * Addresses of the asked name and of those that its CNAMEs lead to; other records stand in the message as well, such as
 * the addresses of name servers.
 */
function addressesOf(answers: readonly Answer[], { name, type }: Question): string[] {
  const names = [name];
  for (const one of names) {
    for (const answer of answers) {
      const leads = answer.type === "CNAME" && sameName(answer.name, one);
      // Each name once: two CNAMEs may lead to each other.
      if (leads && !names.some((known) => sameName(known, answer.data))) names.push(answer.data);
    }
  }
  return answers.flatMap((answer) =>
    answer.type === type && typeof answer.data === "string"
      ? names.some((one) => sameName(one, answer.name))
        ? [answer.data]
        : []
      : [],
  );
}

/** Type, class, TTL and the length of the data (RFC 1035 s.4.1.3). */
const RECORD_BYTES = 10;
/** Of the types A and AAAA (RFC 1035 s.3.4.1, RFC 3596 s.2.2). */
const ADDRESS_BYTES: Readonly<Record<number, number>> = { 1: 4, 28: 16 };

/** Whether every record of the answer section ends within the message, and every address has its bytes: the decoder reads a short one as another. */
function isWhole(message: Buffer): boolean {
  const questions = message.readUInt16BE(4);
  const answers = message.readUInt16BE(6);
  let at: number | null = HEADER_BYTES;
  for (let n = 0; n < questions + answers; n += 1) {
    at = endOfName(message, at);
    if (at === null) return false;
    if (n < questions) {
      at += 4;
      continue;
    }
    if (at + RECORD_BYTES > message.length) return false;
    const length = message.readUInt16BE(at + 8);
    if (length !== (ADDRESS_BYTES[message.readUInt16BE(at)] ?? length)) return false;
    at += RECORD_BYTES + length;
  }
  return at <= message.length;
}

const POINTER = 0xc0;

/** Behind the labels, or behind the pointer that ends them (RFC 1035 s.4.1.4); null where the message ends before. */
function endOfName(message: Buffer, from: number): number | null {
  for (let at = from; at < message.length; ) {
    const length = message.readUInt8(at);
    if (length === 0) return at + 1;
    if (length >= POINTER) return at + 2;
    at += 1 + length;
  }
  return null;
}
