// DNS messages in captured packets: what is asked in them, and what of them others may read.

import { decode, encode } from "dns-packet";
import type { PacketNames } from "../../src/captured-packet.ts";

export const DNS_PORT = 53;

/** RFC 1035 s.4.1.1: identifier, flags with the response code, and four counts. */
const HEADER_BYTES = 12;

type Question = NonNullable<ReturnType<typeof decode>["questions"]>[number];

/** Null for what is no message with a question. */
export function questionOf(message: Buffer): Question | null {
  try {
    return decode(message).questions?.[0] ?? null;
  } catch {
    return null;
  }
}

/**
 * Writes another name into the question, and has all behind it left out: there stand names and addresses.
 * @returns how many bytes others may read; the header alone where the other name has no room
 */
export function redactDns(message: Buffer, names: PacketNames): number {
  const question = questionOf(message);
  const header = Math.min(message.length, HEADER_BYTES);
  if (question === null) return header;
  const name = names.name(question.name);
  const written = asked({ ...question, name });
  if (written === null || header + written.length > message.length) return header;
  message.set(written, header);
  return header + written.length;
}

/** The section of the one question; null for a name that no message can hold. */
function asked(question: Question): Buffer | null {
  try {
    return encode({ questions: [question] }).subarray(HEADER_BYTES);
  } catch {
    return null;
  }
}
