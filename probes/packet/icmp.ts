// ICMP and ICMPv6: echo, and errors with their original datagrams (RFC 792, RFC 4443, RFC 4884).

import type { Family } from "../../src/schema/events/common.ts";
import type { MplsLabel, ProbeOutcome } from "../../src/schema/events/probe.ts";
import { checksum, isSound, pseudoHeader } from "./checksum.ts";
import { extensionsAt } from "./extensions.ts";
import { decodeIp, PROTOCOL } from "./ip.ts";
import type { IpPacket } from "./ip-packet.ts";

export const ICMP_HEADER = 8;

/** RFC 792, RFC 4443 s.4 */
export const ECHO_REQUEST: Readonly<Record<Family, number>> = { 4: 8, 6: 128 };
export const ECHO_REPLY: Readonly<Record<Family, number>> = { 4: 0, 6: 129 };

const UNREACHABLE = 3;
const FRAG_NEEDED = 4;
const TIME_EXCEEDED = 11;
const PARAMETER_PROBLEM = 12;
const UNREACHABLE6 = 1;
const TOO_BIG6 = 2;
const TIME_EXCEEDED6 = 3;
const PARAMETER_PROBLEM6 = 4;

/** Those about somebody's packet. */
export const ERROR_TYPES: Readonly<Record<Family, readonly number[]>> = {
  4: [UNREACHABLE, TIME_EXCEEDED, PARAMETER_PROBLEM],
  6: [UNREACHABLE6, TOO_BIG6, TIME_EXCEEDED6, PARAMETER_PROBLEM6],
};

export interface Endpoints {
  readonly source: string;
  readonly destination: string;
}

export interface Echo {
  readonly id: number;
  readonly sequence: number;
}

export function encodeEcho(
  family: Family,
  endpoints: Endpoints,
  echo: Echo,
  payload: Uint8Array,
): Buffer {
  const header = Buffer.alloc(ICMP_HEADER);
  header.writeUInt8(ECHO_REQUEST[family], 0);
  header.writeUInt16BE(echo.id, 4);
  header.writeUInt16BE(echo.sequence, 6);
  const length = ICMP_HEADER + payload.length;
  const pseudo =
    family === 6
      ? [pseudoHeader(endpoints.source, endpoints.destination, PROTOCOL.icmpv6, length)]
      : [];
  header.writeUInt16BE(checksum(...pseudo, header, payload), 2);
  return Buffer.concat([header, payload]);
}

export interface EchoMessage extends Echo {
  readonly type: number;
  readonly payload: Buffer;
}

/** A request or a reply, whole or as far as an original datagram goes; undefined for anything else. */
export function decodeEcho(family: Family, bytes: Buffer): EchoMessage | undefined {
  if (bytes.length < ICMP_HEADER) return undefined;
  const type = bytes.readUInt8(0);
  if (type !== ECHO_REQUEST[family] && type !== ECHO_REPLY[family]) return undefined;
  const [id, sequence] = [bytes.readUInt16BE(4), bytes.readUInt16BE(6)];
  return { type, id, sequence, payload: bytes.subarray(ICMP_HEADER) };
}

export interface IcmpError {
  readonly type: number;
  readonly code: number;
  /** Next-hop MTU, of fragmentation needed or packet too big; 0 from routers before RFC 1191. */
  readonly mtu: number;
  readonly quoted: IpPacket;
  /** Bytes that came back, from the IP header on, padding not counted. */
  readonly quotedBytes: number;
  readonly labels: readonly MplsLabel[];
}

/**
 * Undefined for what is no error, has no whole IP header, or has a wrong checksum.
 * The kernel checks an ICMPv6 checksum itself, which needs addresses that a socket does not know.
 */
export function decodeIcmpError(family: Family, bytes: Buffer): IcmpError | undefined {
  if (bytes.length < ICMP_HEADER || !isError(family, bytes.readUInt8(0))) return undefined;
  if (family === 4 && !isSound(bytes)) return undefined;
  const length = originalLength(family, bytes);
  const end = Math.min(bytes.length, ICMP_HEADER + (length ?? bytes.length));
  const originalBytes = bytes.subarray(ICMP_HEADER, end);
  const original = decodeIp(originalBytes);
  if (original === undefined || original.family !== family) return undefined;
  return {
    type: bytes.readUInt8(0),
    code: bytes.readUInt8(1),
    mtu: family === 4 ? bytes.readUInt16BE(6) : bytes.readUInt32BE(4),
    quoted: original,
    quotedBytes: original.payload.byteOffset + original.payload.length - originalBytes.byteOffset,
    labels: labelsBehind(family, bytes, length),
  };
}

function isError(family: Family, type: number): boolean {
  return ERROR_TYPES[family].includes(type);
}

/** Routers before RFC 4884 put extensions behind so many bytes, and give no length (s.5.5). */
const OLD_ORIGINAL = 128;

/** The length field of RFC 4884; undefined where the router wrote none. */
function originalLength(family: Family, bytes: Buffer): number | undefined {
  if (family === 6 && bytes.readUInt8(0) === TOO_BIG6) return undefined;
  const length = family === 4 ? bytes.readUInt8(5) * 4 : bytes.readUInt8(4) * 8;
  return length === 0 || ICMP_HEADER + length > bytes.length ? undefined : length;
}

function labelsBehind(family: Family, bytes: Buffer, length: number | undefined) {
  if (length !== undefined) return extensionsAt(bytes, ICMP_HEADER + length);
  return family === 4 ? extensionsAt(bytes, ICMP_HEADER + OLD_ORIGINAL, { summed: true }) : [];
}

/** What an ICMP error reports of the probe in its original datagram. */
export function icmpOutcome(
  family: Family,
  error: {
    readonly type: number;
    readonly code: number;
    readonly mtu: number;
    readonly from: string;
    readonly replyTtl: number | null;
    readonly rttMs: number;
  },
): ProbeOutcome {
  const { type, code, mtu, from, replyTtl, rttMs } = error;
  const isFragmentationNeeded =
    family === 4 ? type === UNREACHABLE && code === FRAG_NEEDED : type === TOO_BIG6;
  if (isFragmentationNeeded) return { kind: "too-big", from, mtu, rttMs };
  const exceeded = family === 4 ? TIME_EXCEEDED : TIME_EXCEEDED6;
  // Code 1 is about reassembly, not about the path.
  if (type === exceeded && code === 0) return { kind: "time-exceeded", from, rttMs, replyTtl };
  return { kind: "unreachable", from, type, code, rttMs, replyTtl };
}
