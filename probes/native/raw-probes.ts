// What raw probes of each protocol are made of, and how they are recognised in replies and original datagrams.

import type { Family } from "../../src/schema/events/common.ts";
import type { ProbeOutcome, Protocol } from "../../src/schema/events/probe.ts";
import { COOKIE_BYTES, readCookie, writeCookie } from "../packet/cookie.ts";
import { decodeEcho, ECHO_REPLY, encodeEcho, ICMP_HEADER } from "../packet/icmp.ts";
import { PROTOCOL } from "../packet/ip.ts";
import type { IpPacket } from "../packet/ip-packet.ts";
import { decodeOriginalTcp, decodeTcp, encodeTcp, synOptions, TCP_FLAG } from "../packet/tcp.ts";
import { decodeUdp, encodeUdp } from "../packet/udp.ts";

/** What all probes of a transport have in common. */
export interface RawFlow {
  readonly family: Family;
  readonly source: string;
  readonly destination: string;
  /** 0 for echo requests. */
  readonly destinationPort: number;
  /** What SYNs offer. */
  readonly mss: number;
}

/** Endpoints of a probe in an original datagram, as far as they came back. */
export interface OriginalEndpoints {
  readonly sourcePort: number;
  /** Null for ICMP. */
  readonly destinationPort: number | null;
  /** In the probe's payload or sequence number; undefined where the original datagram is too short for it. */
  readonly cookie: number | undefined;
  /** Other numbers that only the probe with this cookie had: its low 16 bits, or its checksum. */
  readonly mark: { readonly low16: number } | { readonly checksum: number } | null;
  readonly checksum: number | null;
  readonly mss: number | null;
  readonly optionKinds: string | null;
}

type Reply = Extract<ProbeOutcome, { kind: "reply" }>["with"];

export interface RawProtocol {
  readonly protocol: Protocol;
  /** IANA's. */
  readonly number: Readonly<Record<Family, number>>;
  /** Of the headers behind the IP header, and the cookie. */
  readonly smallestBytes: number;
  /**
   * What an IP packet of `bytes` behind its header carries.
   * @param from the source port, an echo request's identifier
   */
  encode(flow: RawFlow, from: number, cookie: number, bytes: number): Buffer;
  /** Undefined for what is no probe of this kind: nobody's, or another tool's. */
  quoted(flow: RawFlow, packet: IpPacket): OriginalEndpoints | undefined;
  /**
   * The target's own answer; undefined for anything else.
   * @param ofSegment the probe that an acknowledgement number stands for
   */
  reply(
    flow: RawFlow,
    bytes: Buffer,
    ofSegment: (acknowledged: number) => number | undefined,
  ): RawReply | undefined;
}

interface RawReply {
  readonly cookie: number;
  /** The port or identifier that it came to, which must be the probe's. */
  readonly to: number;
  readonly with: Reply;
}

const U32 = 0x100000000;
const LOW16 = 0xffff;
const UDP_BYTES = 8;

export const RAW_UDP: RawProtocol = {
  protocol: "udp",
  number: { 4: PROTOCOL.udp, 6: PROTOCOL.udp },
  smallestBytes: UDP_BYTES + COOKIE_BYTES,
  encode: (flow, source, cookie, bytes) => {
    const ports = { source, destination: flow.destinationPort };
    return encodeUdp(flow, ports, marked(cookie, bytes - UDP_BYTES));
  },
  quoted: (_, { payload }) => {
    const datagram = decodeUdp(payload);
    if (datagram === undefined) return undefined;
    const { sourcePort, destinationPort, checksum } = datagram;
    const cookie = readCookie(datagram.payload);
    // The whole cookie is there and it is not ours.
    if (cookie === undefined && datagram.payload.length >= COOKIE_BYTES) return undefined;
    const mark = { checksum };
    return { ...NO_OPTIONS, sourcePort, destinationPort, cookie, checksum, mark };
  },
  reply: (flow, bytes) => {
    const datagram = decodeUdp(bytes);
    if (datagram?.sourcePort !== flow.destinationPort) return undefined;
    const cookie = readCookie(datagram.payload);
    const to = datagram.destinationPort;
    return cookie === undefined ? undefined : { cookie, to, with: "data" };
  },
};

/**
 * Sequence number and cookie rise against each other, so that the checksum stays the same and routers
 * that balance by it take one path (Paris traceroute).
 */
export const RAW_ECHO: RawProtocol = {
  protocol: "icmp",
  number: { 4: PROTOCOL.icmp, 6: PROTOCOL.icmpv6 },
  smallestBytes: ICMP_HEADER + COOKIE_BYTES,
  encode: (flow, id, cookie, bytes) => {
    const echo = { id, sequence: LOW16 - (cookie & LOW16) };
    return encodeEcho(flow.family, flow, echo, marked(cookie, bytes - ICMP_HEADER));
  },
  quoted: ({ family }, { payload }) => {
    const echo = decodeEcho(family, payload);
    if (echo === undefined || echo.type === ECHO_REPLY[family]) return undefined;
    const cookie = readCookie(echo.payload);
    if (cookie === undefined && echo.payload.length >= COOKIE_BYTES) return undefined;
    const mark = { low16: LOW16 - echo.sequence };
    if (cookie !== undefined && (cookie & LOW16) !== mark.low16) return undefined;
    const endpoints = { sourcePort: echo.id, destinationPort: null };
    return { ...NO_OPTIONS, ...endpoints, cookie, mark, checksum: payload.readUInt16BE(2) };
  },
  reply: (flow, bytes) => {
    const echo = decodeEcho(flow.family, bytes);
    if (echo?.type !== ECHO_REPLY[flow.family]) return undefined;
    const cookie = readCookie(echo.payload);
    const isOwn = cookie !== undefined && echo.sequence === LOW16 - (cookie & LOW16);
    return isOwn ? { cookie, to: echo.id, with: "echo-reply" } : undefined;
  },
};

const TCP_BYTES = 40;
/** What Linux offers at first. */
const WINDOW = 64_240;

/** The initial sequence number is the cookie; what is larger than a SYN has data in it. */
export const RAW_SYN: RawProtocol = {
  protocol: "tcp",
  number: { 4: PROTOCOL.tcp, 6: PROTOCOL.tcp },
  smallestBytes: TCP_BYTES,
  encode: (flow, sourcePort, cookie, bytes) => {
    const { destinationPort, mss } = flow;
    const fields = {
      sourcePort,
      destinationPort,
      sequence: cookie,
      acknowledgement: 0,
      flags: TCP_FLAG.syn,
      window: WINDOW,
    };
    const data = Buffer.alloc(Math.max(0, bytes - TCP_BYTES));
    return encodeTcp(flow, fields, synOptions(mss, cookie), data);
  },
  quoted: (_, { payload }) => {
    const original = decodeOriginalTcp(payload);
    if (original === undefined) return undefined;
    const { sourcePort, destinationPort, sequence: cookie, segment } = original;
    const { mss = null, optionKinds = null, checksum = null } = segment ?? {};
    const endpoints = { sourcePort, destinationPort, cookie, mark: null };
    return { ...endpoints, checksum, mss, optionKinds };
  },
  reply: (flow, bytes, ofSegment) => {
    const segment = decodeTcp(bytes);
    if (segment?.sourcePort !== flow.destinationPort) return undefined;
    const { flags, acknowledgement, destinationPort: to } = segment;
    if ((flags & TCP_FLAG.ack) === 0) return undefined;
    const isReset = (flags & TCP_FLAG.reset) !== 0;
    const isSynAck = (flags & TCP_FLAG.syn) !== 0;
    const cookie = ofSegment(acknowledgement);
    if (cookie === undefined) return undefined;
    return { cookie, to, with: isReset ? "reset" : isSynAck ? "syn-ack" : "ack" };
  },
};

/** What acknowledges a SYN: the number behind it, and behind its data where it had any. */
export function acknowledgements(cookie: number, dataBytes: number): readonly number[] {
  return [...new Set([(cookie + 1) % U32, (cookie + 1 + dataBytes) % U32])];
}

/** Of UDP and ICMP. */
const NO_OPTIONS = { mss: null, optionKinds: null } as const;

function marked(cookie: number, bytes: number): Buffer {
  const payload = Buffer.alloc(Math.max(COOKIE_BYTES, bytes));
  writeCookie(payload, cookie);
  return payload;
}
