// struct msghdr and its control messages: what one recvmsg brought, decoded (bits/socket.h, linux/errqueue.h).

import {
  AF_PACKET,
  IP_RECVERR,
  IP_RECVFRAGSIZE,
  IP_TTL,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPV6_HOPLIMIT,
  IPV6_RECVERR,
  IPV6_RECVFRAGSIZE,
  MSG_DONTWAIT,
  PACKET_AUXDATA,
  SO_TIMESTAMPNS,
  SOL_PACKET,
  SOL_SOCKET,
} from "./constants.ts";
import type { Libc } from "./libc.ts";
import { decodeSockaddr, SOCKADDR_MAX } from "./sockaddr.ts";

/** struct sock_extended_err with the address that follows it. */
export interface ExtendedError {
  readonly errno: number;
  readonly origin: number;
  readonly type: number;
  readonly code: number;
  /** The next-hop MTU of fragmentation needed or packet too big. */
  readonly info: number;
  readonly offender: string | null;
  /** Where in the data the ICMP extensions begin (RFC 4884); null without any that are sound. */
  readonly extensionAt: number | null;
}

export interface Message {
  /** The datagram, or the payload of the original datagram for an error; a copy. */
  readonly data: Buffer;
  readonly from: string | null;
  readonly error: ExtendedError | null;
  /** Kernel receive time, CLOCK_REALTIME nanoseconds. */
  readonly timestampNs: bigint | null;
  readonly ttl: number | null;
  /** Bytes of the largest fragment that it came in; null where it came whole, or nobody asked (IP_RECVFRAGSIZE). */
  readonly largestFragment: number | null;
  /** Where in a frame its IP packet begins, of packet sockets that ask for it. */
  readonly networkAt: number | null;
  /** Where a packet socket saw it; null for other sockets. */
  readonly link: LinkAddress | null;
}

/** Of struct sockaddr_ll (packet(7)). */
export interface LinkAddress {
  readonly index: number;
  /** ARPHRD_*: what kind of link it is. */
  readonly type: number;
  /** PACKET_HOST, PACKET_OUTGOING and others. */
  readonly packetType: number;
}

const DATA_MAX = 65536;
const CONTROL_MAX = 1024;
const MSGHDR_SIZE = 56;
const CMSG_HEADER = 16;
const NS_PER_S = 1_000_000_000n;

/**
 * A receiver with its own buffers: `receive` never blocks and is undefined when nothing waits.
 * @param dataMax bytes of a message that are kept
 */
export function createReceiver(
  libc: Libc,
  fd: number,
  dataMax = DATA_MAX,
): (flags: number) => Message | undefined {
  const data = Buffer.alloc(dataMax);
  const name = Buffer.alloc(SOCKADDR_MAX);
  const control = Buffer.alloc(CONTROL_MAX);
  const vector = Buffer.alloc(16);
  const header = Buffer.alloc(MSGHDR_SIZE);
  vector.writeBigUInt64LE(libc.addressOf(data), 0);
  header.writeBigUInt64LE(libc.addressOf(name), 0);
  header.writeBigUInt64LE(libc.addressOf(vector), 16);
  header.writeBigUInt64LE(1n, 24);
  header.writeBigUInt64LE(libc.addressOf(control), 32);
  return (flags) => {
    // The kernel writes through these addresses: the closure must hold every buffer that they name,
    // the vector too, or the collector takes it away between two calls.
    vector.writeBigUInt64LE(BigInt(dataMax), 8);
    name.fill(0);
    header.writeUInt32LE(SOCKADDR_MAX, 8);
    header.writeBigUInt64LE(BigInt(CONTROL_MAX), 40);
    const size = libc.recvmsg(fd, header, flags | MSG_DONTWAIT);
    if (size < 0) return undefined;
    const controls = readControls(control, Number(header.readBigUInt64LE(40)));
    return {
      data: Buffer.from(data.subarray(0, size)),
      from: decodeSockaddr(name)?.address ?? null,
      link: readLink(name),
      ...controls,
    };
  };
}

function readLink(name: Buffer): LinkAddress | null {
  if (name.readUInt16LE(0) !== AF_PACKET) return null;
  return {
    index: name.readInt32LE(4),
    type: name.readUInt16LE(8),
    packetType: name.readUInt8(10),
  };
}

type Controls = Pick<Message, "error" | "timestampNs" | "ttl" | "networkAt" | "largestFragment">;

const NO_CONTROLS: Controls = {
  error: null,
  timestampNs: null,
  ttl: null,
  networkAt: null,
  largestFragment: null,
};

function readControls(control: Buffer, length: number): Controls {
  let found = NO_CONTROLS;
  let offset = 0;
  while (offset + CMSG_HEADER <= length) {
    const size = Number(control.readBigUInt64LE(offset));
    if (size < CMSG_HEADER || offset + size > length) break;
    const level = control.readInt32LE(offset + 8);
    const type = control.readInt32LE(offset + 12);
    const body = control.subarray(offset + CMSG_HEADER, offset + size);
    found = { ...found, ...readControl(level, type, body) };
    // CMSG_ALIGN
    offset += (size + 7) & ~7;
  }
  return found;
}

interface ControlReader {
  readonly level: number;
  readonly type: number;
  /** Of the body, at least. */
  readonly bytes: number;
  read(body: Buffer): Partial<Controls>;
}

const readTtl = (body: Buffer) => ({ ttl: body.readInt32LE(0) });
const readFragment = (body: Buffer) => ({ largestFragment: body.readInt32LE(0) });

const READERS: readonly ControlReader[] = [
  {
    level: SOL_SOCKET,
    type: SO_TIMESTAMPNS,
    bytes: 16,
    read: (body) => ({
      timestampNs: body.readBigUInt64LE(0) * NS_PER_S + body.readBigUInt64LE(8),
    }),
  },
  {
    level: SOL_PACKET,
    type: PACKET_AUXDATA,
    bytes: 20,
    read: (body) => ({ networkAt: body.readUInt16LE(AUXDATA_NETWORK) }),
  },
  {
    level: IPPROTO_IP,
    type: IP_RECVERR,
    bytes: 16,
    read: (body) => ({ error: readError(body) }),
  },
  {
    level: IPPROTO_IPV6,
    type: IPV6_RECVERR,
    bytes: 16,
    read: (body) => ({ error: readError(body) }),
  },
  { level: IPPROTO_IP, type: IP_RECVFRAGSIZE, bytes: 4, read: readFragment },
  { level: IPPROTO_IPV6, type: IPV6_RECVFRAGSIZE, bytes: 4, read: readFragment },
  { level: IPPROTO_IP, type: IP_TTL, bytes: 4, read: readTtl },
  { level: IPPROTO_IPV6, type: IPV6_HOPLIMIT, bytes: 4, read: readTtl },
];

function readControl(level: number, type: number, body: Buffer): Partial<Controls> {
  const reader = READERS.find((one) => one.level === level && one.type === type);
  return reader === undefined || body.length < reader.bytes ? {} : reader.read(body);
}

/** struct tpacket_auxdata (linux/if_packet.h): tp_net. */
const AUXDATA_NETWORK = 14;

function readError(body: Buffer): ExtendedError {
  return {
    errno: body.readUInt32LE(0),
    origin: body.readUInt8(4),
    type: body.readUInt8(5),
    code: body.readUInt8(6),
    info: body.readUInt32LE(8),
    extensionAt: extensionOffset(body),
    offender: body.length >= 32 ? (decodeSockaddr(body, 16)?.address ?? null) : null,
  };
}

/** SO_EE_RFC4884_FLAG_INVALID (linux/errqueue.h): the extension's checksum or lengths are wrong. */
const EXTENSION_INVALID = 1;

/**
 * struct sock_ee_data_rfc4884 in ee_data: u16 len, u8 flags. The kernel fills it from Linux 5.9 on,
 * when IP_RECVERR_RFC4884 was set; older ones leave 0.
 */
function extensionOffset(body: Buffer): number | null {
  const offset = body.readUInt16LE(12);
  return offset === 0 || (body.readUInt8(14) & EXTENSION_INVALID) !== 0 ? null : offset;
}
