// The kernel's table of sockets as sock_diag gives it to everybody: requests and rows of linux/inet_diag.h.

import type { TcpInfo } from "../../src/schema/events/tcp.ts";
import { AF_INET, AF_INET6, IPPROTO_TCP, IPPROTO_UDP } from "../native/constants.ts";
import { attributesOf } from "../native/netlink.ts";
import { decodeTcpInfo } from "../native/tcp-info.ts";
import { addressText } from "../packet/address.ts";

/** linux/sock_diag.h */
export const SOCK_DIAG_BY_FAMILY = 20;
/** SKNLGRP_INET_TCP_DESTROY, _UDP_, and both of IPv6: the four lowest groups. */
export const DESTROY_GROUPS = 0b1111;

export type DiagProtocol = "tcp" | "udp";

/** A socket of this network namespace, as the kernel had it when the row was made. */
export interface SocketRow {
  readonly protocol: DiagProtocol;
  readonly family: 4 | 6;
  /** net/tcp_states.h; a connected UDP socket is "established". */
  readonly state: number;
  /** What the kernel waits for: see TIMERS. */
  readonly timer: Timer;
  readonly localAddress: string;
  readonly localPort: number;
  readonly address: string;
  readonly port: number;
  /** Keep-alive probes that nobody has answered so far. */
  readonly keepAlivesLost: number;
  /** The kernel's own number for it, which no other socket ever has (SO_COOKIE). */
  readonly cookie: string;
  /** Bytes that came and were not read. */
  readonly unread: number;
  /** Bytes that were written and not acknowledged. */
  readonly unsent: number;
  /** In /proc/PID/fd; 0 once the program has closed it. */
  readonly inode: number;
  readonly info: TcpInfo | null;
  readonly ages: Ages | null;
}

/** Milliseconds since, as TCP_INFO has them. */
export interface Ages {
  readonly lastDataSentMs: number;
  readonly lastDataReceivedMs: number;
  readonly lastAckReceivedMs: number;
}

const TIMERS = ["none", "retransmit", "keepalive", "time-wait", "zero-window"] as const;
export type Timer = (typeof TIMERS)[number] | "other";

/** struct inet_diag_req_v2. */
const REQUEST_BYTES = 56;
/** INET_DIAG_INFO, as an attribute, and as a bit of the request. */
const INFO = 2;
const INFO_BIT = 1 << (INFO - 1);
/** INET_DIAG_PROTOCOL, in rows of sockets that are gone. */
const PROTOCOL = 10;
/** net/tcp_states.h */
export const TCP_LISTEN = 10;
/** All but SYN_RECV of listeners, and TIME_WAIT, which no program waits for. */
const STATES = 0xfff & ~(1 << 3) & ~(1 << 6);

/** The body of a dump's request. */
export function socketsRequest(protocol: DiagProtocol, family: 4 | 6): Buffer {
  const body = Buffer.alloc(REQUEST_BYTES);
  body.writeUInt8(family === 4 ? AF_INET : AF_INET6, 0);
  body.writeUInt8(protocol === "tcp" ? IPPROTO_TCP : IPPROTO_UDP, 1);
  body.writeUInt8(protocol === "tcp" ? INFO_BIT : 0, 2);
  body.writeUInt32LE(STATES, 4);
  return body;
}

/** struct inet_diag_msg, and where its fields are. */
const ROW_BYTES = 72;
const AT = {
  state: 1,
  timer: 2,
  repeats: 3,
  sourcePort: 4,
  port: 6,
  source: 8,
  destination: 24,
  cookie: 44,
  unread: 56,
  unsent: 60,
  inode: 68,
} as const;

/**
 * @param protocol null: as the row itself says, which is one of a socket that is gone
 * @returns undefined for a row that is cut off, or of another protocol
 */
export function decodeSocketRow(
  body: Buffer,
  protocol: DiagProtocol | null,
): SocketRow | undefined {
  if (body.length < ROW_BYTES) return undefined;
  const attributes = attributesOf(body.subarray(ROW_BYTES));
  const value = (type: number) => attributes.find((one) => one.type === type)?.value;
  const told = protocol ?? protocolOf(value(PROTOCOL));
  if (told === null) return undefined;
  const info = told === "tcp" ? value(INFO) : undefined;
  const bytes = body.readUInt8(0) === AF_INET ? 4 : 16;
  const timer = TIMERS[body.readUInt8(AT.timer)] ?? "other";
  const addressAt = (at: number) => unmapped(addressText(body.subarray(at, at + bytes)));
  const address = addressAt(AT.destination);
  return {
    protocol: told,
    family: address.includes(":") ? 6 : 4,
    state: body.readUInt8(AT.state),
    timer,
    // What the timer that runs has repeated (net/ipv4/inet_diag.c).
    keepAlivesLost: timer === "keepalive" ? body.readUInt8(AT.repeats) : 0,
    localAddress: addressAt(AT.source),
    localPort: body.readUInt16BE(AT.sourcePort),
    address,
    port: body.readUInt16BE(AT.port),
    cookie: body.readBigUInt64LE(AT.cookie).toString(),
    unread: body.readUInt32LE(AT.unread),
    unsent: body.readUInt32LE(AT.unsent),
    inode: body.readUInt32LE(AT.inode),
    info: info === undefined ? null : (decodeTcpInfo(info, info.length) ?? null),
    ages: info === undefined ? null : agesOf(info),
  };
}

function protocolOf(value: Buffer | undefined): DiagProtocol | null {
  const number = value?.[0];
  if (number === IPPROTO_TCP) return "tcp";
  return number === IPPROTO_UDP ? "udp" : null;
}

/** tcpi_last_data_sent, tcpi_last_data_recv, tcpi_last_ack_recv (linux/tcp.h). */
const AGES_END = 60;

function agesOf(info: Buffer): Ages | null {
  if (info.length < AGES_END) return null;
  return {
    lastDataSentMs: info.readUInt32LE(44),
    lastDataReceivedMs: info.readUInt32LE(52),
    lastAckReceivedMs: info.readUInt32LE(56),
  };
}

/** An IPv4 peer of an IPv6 socket (RFC 4291 s.2.5.5.2). */
function unmapped(address: string): string {
  const dotted = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1];
  if (dotted !== undefined) return dotted;
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address) ?? [];
  if (high === undefined || low === undefined) return address;
  const bytes = [high, low].flatMap((part) => {
    const number = Number.parseInt(part, 16);
    return [number >> 8, number & 0xff];
  });
  return bytes.join(".");
}
