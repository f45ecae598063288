// What came back for a packet, made of how a probe's outcome describes it.

import type { OriginalDatagram, ProbeOutcome } from "../../../src/schema/events/probe.ts";
import { familyOf } from "../../native/sockaddr.ts";
import { checksum, pseudoHeader } from "../../packet/checksum.ts";
import { ECHO_REPLY, ICMP_HEADER } from "../../packet/icmp.ts";
import { decodeIp, PROTOCOL } from "../../packet/ip.ts";
import { decodeTcp, encodeTcp, TCP_FLAG } from "../../packet/tcp.ts";
import { decodeUdp, encodeUdp } from "../../packet/udp.ts";
import { type Ends, ipPacket, turned, USUAL_TTL } from "./made-packet.ts";

type Answered = Exclude<ProbeOutcome, { kind: "no-reply" | "send-failed" }>;

/** Null where nothing came back. */
export function answered(outcome: ProbeOutcome): Answered | null {
  return outcome.kind === "no-reply" || outcome.kind === "send-failed" ? null : outcome;
}

/** @param sent the packet as it left */
export function answerTo(
  sent: Buffer,
  ends: Ends,
  outcome: Answered,
  quote: OriginalDatagram | null,
): Buffer {
  const from = bare(outcome.from);
  // What is no address of that family is not to be written as one.
  const isAddress = familyOf(from) === ends.family;
  const back = { ...turned(ends), source: isAddress ? from : ends.destination };
  const ttl = ("replyTtl" in outcome ? outcome.replyTtl : null) ?? USUAL_TTL;
  if (outcome.kind === "reply") return reply(sent, back, outcome.with, ttl);
  const numbers = icmpNumbers(ends, outcome);
  return icmpError(originalOf(sent, ends, quote), back, numbers, ttl);
}

function bare(address: string): string {
  return address.replace(/%.*$/, "");
}

interface IcmpNumbers {
  readonly type: number;
  readonly code: number;
  readonly mtu: number;
}

/** RFC 792 and 1191; RFC 4443. */
function icmpNumbers({ family }: Ends, outcome: Exclude<Answered, { kind: "reply" }>): IcmpNumbers {
  if (outcome.kind === "unreachable") return { type: outcome.type, code: outcome.code, mtu: 0 };
  if (outcome.kind === "time-exceeded") return { type: family === 4 ? 11 : 3, code: 0, mtu: 0 };
  const { mtu } = outcome;
  return family === 4 ? { type: 3, code: 4, mtu } : { type: 2, code: 0, mtu };
}

/** IP header, the transport's first 8 bytes and the cookie, where nobody says how much came back. */
const ORIGINAL_BYTES = { 4: 36, 6: 56 } as const;
const TTL_AT = { 4: 8, 6: 7 } as const;
const IPV4_HEADER = 20;

/** As it came back: its TTL is what was left of it. */
function originalOf(sent: Buffer, { family }: Ends, quote: OriginalDatagram | null): Buffer {
  const length = quote?.quotedBytes ?? ORIGINAL_BYTES[family];
  const original = Buffer.from(sent.subarray(0, Math.max(length, ORIGINAL_BYTES[family])));
  original.writeUInt8(quote?.ttl ?? 1, TTL_AT[family]);
  if (family === 4) {
    original.writeUInt16BE(0, 10);
    original.writeUInt16BE(checksum(original.subarray(0, IPV4_HEADER)), 10);
  }
  return original;
}

function icmpError(
  original: Buffer,
  back: Ends,
  { type, code, mtu }: IcmpNumbers,
  ttl: number,
): Buffer {
  const header = Buffer.alloc(ICMP_HEADER);
  header.writeUInt8(type, 0);
  header.writeUInt8(code, 1);
  header.writeUInt32BE(mtu, 4);
  return icmpPacket(Buffer.concat([header, original]), back, ttl);
}

function icmpPacket(message: Buffer, back: Ends, ttl: number): Buffer {
  const protocol = back.family === 4 ? PROTOCOL.icmp : PROTOCOL.icmpv6;
  const { source, destination } = back;
  message.writeUInt16BE(0, 2);
  const pseudo =
    back.family === 6 ? [pseudoHeader(source, destination, protocol, message.length)] : [];
  message.writeUInt16BE(checksum(...pseudo, message), 2);
  return ipPacket(back, { ttl, protocol }, message);
}

type ReplyWith = Extract<ProbeOutcome, { kind: "reply" }>["with"];

const FLAGS = {
  "syn-ack": TCP_FLAG.syn | TCP_FLAG.ack,
  reset: TCP_FLAG.reset | TCP_FLAG.ack,
  ack: TCP_FLAG.ack,
} as const;

/** The target's own answer: its headers; what it carried is known of an echo alone. */
function reply(sent: Buffer, back: Ends, what: ReplyWith, ttl: number): Buffer {
  const payload = decodeIp(sent)?.payload ?? Buffer.alloc(0);
  if (what === "echo-reply") {
    const message = Buffer.from(payload);
    message.writeUInt8(ECHO_REPLY[back.family], 0);
    return icmpPacket(message, back, ttl);
  }
  if (what === "data") {
    const { sourcePort = 0, destinationPort = 0 } = decodeUdp(payload) ?? {};
    const ports = { source: destinationPort, destination: sourcePort };
    return ipPacket(back, { ttl, protocol: PROTOCOL.udp }, encodeUdp(back, ports, NO_DATA));
  }
  const segment = decodeTcp(payload);
  const fields = {
    sourcePort: segment?.destinationPort ?? 0,
    destinationPort: segment?.sourcePort ?? 0,
    sequence: 0,
    acknowledgement: ((segment?.sequence ?? 0) + 1) % U32,
    flags: FLAGS[what],
    window: what === "reset" ? 0 : WINDOW,
  };
  return ipPacket(back, { ttl, protocol: PROTOCOL.tcp }, encodeTcp(back, fields, NO_DATA, NO_DATA));
}

const NO_DATA = Buffer.alloc(0);
const U32 = 0x100000000;
/** Not known: any that is open. */
const WINDOW = 65_535;
