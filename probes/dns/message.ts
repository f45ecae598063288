// DNS messages of one question: the query, and the answer, read with distrust.

import net from "node:net";
import { decode, encode, type Packet, RECURSION_DESIRED } from "dns-packet";
import type { DnsOutcome } from "../../src/schema/events/dns-replies.ts";

export interface Question {
  readonly server: string;
  readonly name: string;
  readonly type: "A" | "AAAA" | "TXT";
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
const RCODES = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"] as const;

/** Undefined for a message that answers something else: it is not ours to judge. */
export function readAnswer(
  message: Buffer,
  question: Question,
  id: number,
): DnsOutcome | undefined {
  let packet: ReturnType<typeof decode>;
  try {
    packet = decode(message);
  } catch {
    return { kind: "malformed", why: "not a DNS message" };
  }
  if (packet.id !== id || packet.type !== "response") return undefined;
  const asked = packet.questions?.[0];
  if (asked !== undefined && asked.name.toLowerCase() !== question.name.toLowerCase()) {
    return undefined;
  }
  const addresses = (packet.answers ?? []).flatMap((answer) =>
    answer.type === question.type && typeof answer.data === "string" ? [answer.data] : [],
  );
  const rcode = (packet.flags ?? 0) & RCODE_MASK;
  return {
    kind: "answer",
    rcode: RCODES[rcode] ?? `rcode ${rcode}`,
    addresses: addresses.filter((address) => net.isIP(address) !== 0),
    truncated: packet.flag_tc ?? false,
    sizeBytes: message.length,
  };
}
