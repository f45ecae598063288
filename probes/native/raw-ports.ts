// The raw sockets of one transport: one that sends whole packets, one that receives ICMP, one for the protocol's own replies.
//
// The kernel caches nothing on IPv4: it takes an ICMP error with an MTU for that of a raw socket of the
// original datagram's protocol, and ours set OMIT (net/ipv4/raw.c, raw_err). On IPv6 a raw socket that is not
// connected caches nothing (net/ipv6/raw.c, rawv6_err).

import type { Family } from "../../src/schema/events/common.ts";
import { addressBytes, addressText } from "../packet/address.ts";
import { ECHO_REPLY, ERROR_TYPES } from "../packet/icmp.ts";
import { PROTOCOL } from "../packet/ip.ts";
import { decodeIpv4 } from "../packet/ipv4.ts";
import {
  IP_MTU_DISCOVER,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPPROTO_RAW,
  IPV6_MTU_DISCOVER,
  PMTUDISC_OMIT,
  PMTUDISC_PROBE,
  SO_BINDTODEVICE,
  SOL_SOCKET,
} from "./constants.ts";
import type { RawOption, RawSocket, RawSockets } from "./raw-socket.ts";

/** What was received, behind its IP header; IPv6 sockets of the package get no hop limit. */
export interface Reception {
  readonly bytes: Buffer;
  readonly from: string;
  readonly ttl: number | null;
}

export interface RawPorts {
  readonly send: RawSocket["send"];
  /** Why nothing can be sent or received any more; null while all is well. */
  failure(): string | null;
  close(): void;
}

/**
 * @param replies protocol whose packets go to `onReply`; null for ICMP, where one socket receives all
 * @throws UnsupportedProbeError without CAP_NET_RAW
 */
export function openRawPorts(
  sockets: RawSockets,
  { family, device }: { readonly family: Family; readonly device?: string | undefined },
  replies: number | null,
  onReceive: { icmp(replied: Reception): void; reply(replied: Reception): void },
): RawPorts {
  const opened: RawSocket[] = [];
  let failure: string | null = null;
  const close = () => {
    for (const socket of opened.splice(0)) socket.close();
  };
  const open = (
    protocol: number,
    options: readonly RawOption[],
    report: (replied: Reception) => void,
  ): RawSocket => {
    const onMessage = (bytes: Buffer, sender: string) => {
      const replied = readMessage(family, bytes, sender);
      if (replied !== undefined) report(replied);
    };
    const onFailure = (error: string) => {
      failure = error;
    };
    try {
      const socket = sockets.open({ family, protocol, options, onMessage, onFailure });
      opened.push(socket);
      return socket;
    } catch (error) {
      close();
      throw error;
    }
  };
  // With PROBE the kernel sends any size that the link takes, whatever PMTU it has cached.
  const probing = [discover(family, PMTUDISC_PROBE), ...(device === undefined ? [] : [by(device)])];
  // Sends what it is given whole, with its header, and receives nothing (raw(7)).
  const sender = open(IPPROTO_RAW, probing, () => undefined);
  const omit = discover(family, PMTUDISC_OMIT);
  const icmp = family === 4 ? PROTOCOL.icmp : PROTOCOL.icmpv6;
  open(icmp, [omit, icmpFilter(family)], onReceive.icmp);
  if (replies !== null) open(replies, [omit], onReceive.reply);
  return { send: sender.send, failure: () => failure, close };
}

function readMessage(family: Family, bytes: Buffer, sender: string): Reception | undefined {
  if (family === 6) return { bytes, from: addressText(addressBytes(sender)), ttl: null };
  const packet = decodeIpv4(bytes);
  return packet && { bytes: packet.payload, from: packet.source, ttl: packet.ttl };
}

function discover(family: Family, value: number): RawOption {
  return family === 4
    ? { level: IPPROTO_IP, name: IP_MTU_DISCOVER, value: int(value) }
    : { level: IPPROTO_IPV6, name: IPV6_MTU_DISCOVER, value: int(value) };
}

function by(device: string): RawOption {
  return { level: SOL_SOCKET, name: SO_BINDTODEVICE, value: Buffer.from(device) };
}

function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

/** linux/icmp.h, linux/icmpv6.h: a bit that is set keeps the type from the socket. */
const SOL_RAW = 255;
const ICMP_FILTER = 1;
const SOL_ICMPV6 = 58;
const ICMPV6_FILTER = 1;
const FILTER_BYTES: Readonly<Record<Family, number>> = { 4: 4, 6: 32 };

/** Errors and echo replies only, so that neighbours and router adverts wake nobody. */
function icmpFilter(family: Family): RawOption {
  const value = Buffer.alloc(FILTER_BYTES[family], 0xff);
  for (const type of [...ERROR_TYPES[family], ECHO_REPLY[family]]) {
    const word = Math.floor(type / 32) * 4;
    value.writeUInt32LE((value.readUInt32LE(word) & ~(1 << (type % 32))) >>> 0, word);
  }
  return family === 4
    ? { level: SOL_RAW, name: ICMP_FILTER, value }
    : { level: SOL_ICMPV6, name: ICMPV6_FILTER, value };
}
