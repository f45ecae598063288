// The sockets of a TCP connection that is not the kernel's: what sends its packets, what sees those that come, and what keeps its port.
//
// The port belongs to a listener whose filter drops whatever comes, so that the kernel neither answers nor resets (net/ipv4/tcp_ipv4.c,
// tcp_v4_rcv: tcp_filter). A packet socket sees the packets before that. All of it ends with its descriptors, however the process ends:
// the kernel then resets what still comes.

import { UnsupportedProbeError } from "../../src/errors.ts";
import type { Family } from "../../src/schema/events/common.ts";
import { decodeIp } from "../packet/ip.ts";
import type { IpPacket } from "../packet/ip-packet.ts";
import {
  AF_INET,
  AF_INET6,
  AF_PACKET,
  ETH_P_IP,
  ETH_P_IPV6,
  IP_MTU_DISCOVER,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPPROTO_RAW,
  IPV6_MTU_DISCOVER,
  PACKET_AUXDATA,
  PACKET_VNET_HDR,
  PMTUDISC_PROBE,
  SO_RCVBUFFORCE,
  SOCK_CLOEXEC,
  SOCK_NONBLOCK,
  SOCK_RAW,
  SOL_PACKET,
  SOL_SOCKET,
} from "./constants.ts";
import { errnoName, type Libc } from "./libc.ts";
import { type ReservedPort, reservePort } from "./local-endpoint.ts";
import { setMark } from "./mark.ts";
import { createReceiver } from "./message.ts";
import { encodeSockaddr } from "./sockaddr.ts";
import { attachFilter, NOTHING, tcpTo } from "./socket-filter.ts";

export interface RawWire {
  /** The local port. */
  readonly port: number;
  /** A whole IP packet; one that the kernel refuses is one that was lost. */
  send(packet: Buffer): void;
  /** What came since the last call. */
  receive(): readonly Received[];
  close(): void;
}

export interface Received {
  readonly packet: IpPacket;
  /** Payload of each segment where several were joined (GRO, or a virtual link that never cut them); null where it is one. */
  readonly pieceBytes: number | null;
}

/** None ever gets as far. */
const BACKLOG = 1;
/** Several windows of several connections: what does not fit would pass for loss. */
const BUFFER_BYTES = 8_388_608;
/** The largest IP packet with its link's header and the one below. */
const FRAME_BYTES = 65_536 + 64;
/** struct virtio_net_hdr (linux/virtio_net.h), which stands before each frame. */
const VNET_HEADER = 10;
const VNET_PIECE = 4;

/** Who has the one may be refused the other, in a sandbox. */
const PACKETS = "CAP_NET_RAW and packet sockets";

/** Why there is no such connection here; null where it can be tried. */
export function rawRefused(libc: Libc): string | null {
  try {
    // All of it, as a sandbox may refuse any part to root too. Nothing is sent.
    openRawWire(libc, { family: 4, address: "127.0.0.1" }).close();
    return null;
  } catch (error) {
    if (error instanceof UnsupportedProbeError) return error.message;
    throw error;
  }
}

/** @throws UnsupportedProbeError without CAP_NET_RAW */
export function openRawWire(
  libc: Libc,
  to: {
    readonly family: Family;
    readonly address: string;
    readonly zoneIndex?: number;
    readonly mark?: number | undefined;
  },
): RawWire {
  const { family } = to;
  const opened: number[] = [];
  let held: ReservedPort | null = null;
  const close = () => {
    for (const fd of opened.splice(0)) libc.close(fd);
    held?.release();
  };
  const check = (result: number, what: string) => {
    if (result >= 0) return result;
    const error = errnoName(libc.errno());
    close();
    throw new UnsupportedProbeError("a raw connection", { requires: `${what} (${error})` });
  };
  const open = (domain: number, protocol: number, what: string) => {
    const type = SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC;
    const fd = check(libc.socket(domain, type, protocol), what);
    opened.push(fd);
    return fd;
  };
  const set = (fd: number, level: number, name: number, number: number) => {
    const value = Buffer.alloc(4);
    value.writeInt32LE(number);
    return libc.setsockopt(fd, level, name, value, value.length);
  };
  // Asked for first: without the privilege nothing else is opened.
  const watcher = open(AF_PACKET, swapped(family === 4 ? ETH_P_IP : ETH_P_IPV6), PACKETS);
  const silent = (fd: number) =>
    attachFilter(libc, fd, NOTHING) < 0 ? -1 : libc.listen(fd, BACKLOG);
  try {
    held = reservePort(libc, "tcp", family, silent);
  } catch (error) {
    close();
    throw error;
  }
  const port = held.number;
  check(attachFilter(libc, watcher, tcpTo(family, port)), "a socket filter");
  check(set(watcher, SOL_PACKET, PACKET_VNET_HDR, 1), "PACKET_VNET_HDR");
  check(set(watcher, SOL_PACKET, PACKET_AUXDATA, 1), "PACKET_AUXDATA");
  // Without CAP_NET_ADMIN it stays as it is.
  set(watcher, SOL_SOCKET, SO_RCVBUFFORCE, BUFFER_BYTES);
  const sender = open(family === 4 ? AF_INET : AF_INET6, IPPROTO_RAW, "a raw socket");
  setMark(libc, sender, to.mark);
  // With PROBE the kernel sends any size that the link takes, whatever PMTU it has cached.
  if (family === 4) set(sender, IPPROTO_IP, IP_MTU_DISCOVER, PMTUDISC_PROBE);
  else set(sender, IPPROTO_IPV6, IPV6_MTU_DISCOVER, PMTUDISC_PROBE);
  const destination = encodeSockaddr(to.address, 0, to.zoneIndex ?? 0);
  const receive = createReceiver(libc, watcher, FRAME_BYTES);
  return {
    port,
    send: (packet) => {
      libc.sendto(sender, packet, packet.length, 0, destination, destination.length);
    },
    receive: () => {
      const all: Received[] = [];
      for (let next = receive(0); next !== undefined; next = receive(0)) {
        if (next.networkAt === null || next.data.length < VNET_HEADER) continue;
        const packet = decodeIp(next.data.subarray(VNET_HEADER + next.networkAt));
        const pieceBytes = next.data.readUInt16LE(VNET_PIECE) || null;
        if (packet !== undefined) all.push({ packet, pieceBytes });
      }
      return all;
    },
    close,
  };
}

/** Packet sockets want the number as it is on the wire (packet(7)). */
function swapped(number: number): number {
  return ((number & 0xff) << 8) | (number >> 8);
}
