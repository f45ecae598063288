// Sees this run's packets as they pass this kernel's interfaces: a packet socket whose receive queue is emptied while the run goes on.

import type { Capture, CapturedPacket } from "../../src/captured-packet.ts";
import { messageOf, UnsupportedProbeError } from "../../src/errors.ts";
import {
  AF_PACKET,
  ETH_P_ALL,
  PACKET_STATISTICS,
  SO_RCVBUF,
  SO_RCVBUFFORCE,
  SO_TIMESTAMPNS,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOL_PACKET,
  SOL_SOCKET,
} from "../native/constants.ts";
import { errnoName, type Libc } from "../native/libc.ts";
import { createReceiver, type Message } from "../native/message.ts";
import { attachFilter, IP_TRANSPORTS } from "../native/socket-filter.ts";
import { decodeIp } from "../packet/ip.ts";
import type { IpPacket } from "../packet/ip-packet.ts";
import { openLibc } from "../privileged/open.ts";
import { createOwnFlows } from "./own-flows.ts";
import { ownerOf } from "./packet-owner.ts";

export interface RunningCapture {
  /** The system calls by which the run opens its sockets. */
  observe(libc: Libc): Libc;
  /** The packets until now; it ends. */
  stop(): Capture;
}

/** What comes while nobody reads: a burst at 1 Gbit/s for a quarter of a second. */
const BUFFER_BYTES = 33_554_432;
const READ_EVERY_MS = 20;
/** A packet of the largest size with what a device may join to one. */
const PACKET_BYTES = 262_144;
/** More than any run sends and receives; beyond it packets are counted. */
const MOST_BYTES = 134_217_728;

/** linux/if_packet.h, linux/if_arp.h. */
const PACKET_HOST = 0;
const PACKET_OUTGOING = 4;
const ARPHRD_LOOPBACK = 772;

/**
 * @param session the upper half of this run's cookies
 * @throws UnsupportedProbeError without CAP_NET_RAW
 */
async function startCapture(session: number): Promise<RunningCapture> {
  const libc = await openLibc();
  const fd = openSocket(libc);
  const flows = createOwnFlows();
  const receive = createReceiver(libc, fd, PACKET_BYTES);
  const nameOf = interfaceNames(libc);
  const isOfFragment = createFragments();
  const packets: CapturedPacket[] = [];
  let bytes = 0;
  let lost = 0;
  const seen = (message: Message): CapturedPacket | null => {
    const packet = decodeIp(message.data);
    const { link, timestampNs } = message;
    const direction = link === null ? null : directionOf(link);
    if (packet === undefined || link === null || direction === null) return null;
    const atNs = timestampNs ?? libc.realtimeNs();
    const owner = ownerOf(packet, atNs, { flows, session });
    const isRest = isOfFragment(packet, owner !== null);
    const of = owner ?? (isRest ? OF_FRAGMENT : null);
    const place = nameOf(link.index);
    return of && { ...wholeOf(message.data, packet), atNs, place, direction, of };
  };
  const keep = (packet: CapturedPacket) => {
    bytes += packet.bytes.length;
    if (bytes > MOST_BYTES) lost += 1;
    else packets.push(packet);
  };
  const read = () => {
    flows.settle();
    for (let next = receive(0); next !== undefined; next = receive(0)) {
      const packet = seen(next);
      if (packet !== null) keep(packet);
    }
  };
  const timer = setInterval(read, READ_EVERY_MS);
  timer.unref();
  return {
    observe: flows.observe,
    stop: () => {
      clearInterval(timer);
      read();
      lost += lostOf(libc, fd);
      libc.close(fd);
      return { packets, lost };
    },
  };
}

/** Whether a fragment belongs to a first one that was this run's. */
function createFragments(): (packet: IpPacket, isOwn: boolean) => boolean {
  const own = new Set<string>();
  return ({ source, destination, id, moreFragments, fragmentOffset }, isOwn) => {
    const key = `${source} ${destination} ${id}`;
    if (isOwn && moreFragments) own.add(key);
    return fragmentOffset > 0 && own.has(key);
  };
}

/** Behind the first, a fragment has no ports. */
const OF_FRAGMENT = { answer: false, events: [], cookie: null, mark: null } as const;

/** Without what a link puts behind a short packet. */
function wholeOf(data: Buffer, { totalBytes }: IpPacket) {
  const length = totalBytes > 0 ? Math.min(data.length, totalBytes) : data.length;
  // Joined segments of more than 64 kB have 0 in their header.
  const isWhole = totalBytes < data.length && totalBytes > MIN_HEADER;
  const bytes = isWhole ? data.subarray(0, length) : data;
  return { bytes, originalBytes: bytes.length };
}

const MIN_HEADER = 20;

function directionOf({
  type,
  packetType,
}: NonNullable<Message["link"]>): CapturedPacket["direction"] | null {
  // Loopback shows each packet twice.
  if (packetType === PACKET_OUTGOING) return type === ARPHRD_LOOPBACK ? null : "outbound";
  return packetType === PACKET_HOST ? "inbound" : null;
}

function openSocket(libc: Libc): number {
  const type = SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
  // With protocol 0 it receives nothing until its filter is there and it is bound.
  const fd = libc.socket(AF_PACKET, type, 0);
  const check = (result: number, what: string) => {
    if (result >= 0) return;
    const error = errnoName(libc.errno());
    if (fd >= 0) libc.close(fd);
    throw new UnsupportedProbeError("a capture", { requires: `${what} (${error})` });
  };
  check(fd, "CAP_NET_RAW");
  const set = (name: number, value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32LE(value);
    return libc.setsockopt(fd, SOL_SOCKET, name, bytes, bytes.length);
  };
  check(attachFilter(libc, fd, IP_TRANSPORTS), "a filter on a packet socket");
  check(set(SO_TIMESTAMPNS, 1), "times of packets");
  // Without CAP_NET_ADMIN it is as large as the system allows.
  if (set(SO_RCVBUFFORCE, BUFFER_BYTES) < 0) set(SO_RCVBUF, BUFFER_BYTES);
  const all = linkAddress();
  check(libc.bind(fd, all, all.length), "a packet socket of all interfaces");
  return fd;
}

/** struct sockaddr_ll of every interface and protocol (packet(7)). */
function linkAddress(): Buffer {
  const bytes = Buffer.alloc(20);
  bytes.writeUInt16LE(AF_PACKET, 0);
  bytes.writeUInt16BE(ETH_P_ALL, 2);
  return bytes;
}

/** struct tpacket_stats: packets, and those for which the queue had no room. */
function lostOf(libc: Libc, fd: number): number {
  const stats = Buffer.alloc(8);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(stats.length);
  return libc.getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, stats, size) < 0
    ? 0
    : stats.readUInt32LE(4);
}

function interfaceNames(libc: Libc): (index: number) => string {
  const names = new Map<number, string>();
  return (index) => {
    const known = names.get(index) ?? libc.interfaceName(index) ?? `interface ${index}`;
    names.set(index, known);
    return known;
  };
}

/** Why there is none here; the capture where there is. */
export async function captureOrReason(session: number): Promise<RunningCapture | string> {
  try {
    return await startCapture(session);
  } catch (error) {
    if (error instanceof UnsupportedProbeError) return messageOf(error);
    throw error;
  }
}
