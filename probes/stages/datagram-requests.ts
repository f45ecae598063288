// What servers of well-known UDP ports answer whoever asks, with one small datagram each.

import { randomBytes } from "node:crypto";
import { encode } from "dns-packet";
import { encodeVersionTrigger } from "../packet/quic.ts";

export interface DatagramRequest {
  /** As people call the protocol. */
  readonly protocol: string;
  make(): Buffer;
}

const REQUESTS: Readonly<Record<number, DatagramRequest>> = {
  // The root's name servers: every resolver has them, and whoever is none refuses, which is an answer.
  53: {
    protocol: "DNS",
    make: () => encode({ type: "query", id: randomId(), questions: [{ type: "NS", name: "." }] }),
  },
  123: { protocol: "NTP", make: ntp },
  443: { protocol: "QUIC", make: quic },
  3478: { protocol: "STUN", make: stun },
};

/** Null where nothing is known that a server of that port would have to answer. */
export function requestTo(port: number): DatagramRequest | null {
  return REQUESTS[port] ?? null;
}

const NTP_BYTES = 48;
/** Version 4, client (RFC 5905 s.7.3). */
const NTP_CLIENT = 0x23;
const STUN_BINDING = 0x0001;
/** RFC 8489 s.5. */
const STUN_COOKIE = 0x2112a442;
const STUN_TRANSACTION_BYTES = 12;
const QUIC_ID_BYTES = 8;

function randomId(): number {
  return randomBytes(2).readUInt16BE(0);
}

function ntp(): Buffer {
  const packet = Buffer.alloc(NTP_BYTES);
  packet.writeUInt8(NTP_CLIENT, 0);
  return packet;
}

function stun(): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16BE(STUN_BINDING, 0);
  head.writeUInt32BE(STUN_COOKIE, 4);
  return Buffer.concat([head, randomBytes(STUN_TRANSACTION_BYTES)]);
}

function quic(): Buffer {
  const id = () => randomBytes(QUIC_ID_BYTES);
  return encodeVersionTrigger({ destination: id(), source: id() });
}
