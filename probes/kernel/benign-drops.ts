// What looks like a drop and is none: a copy that nobody wanted, a queue that is emptied, a segment that came twice.

export interface DropLook {
  /** The kernel's name, or an inferred one; null for none. */
  readonly reason: string | null;
  /** The function's name without a compiler's suffix; null when unknown. */
  readonly location: string | null;
  readonly protocol: number;
  /** Of the packet itself; null when it is no ICMP. */
  readonly icmpType: number | null;
  /** null when it is no TCP, or not known. */
  readonly tcpFlags: number | null;
  readonly quoted: boolean;
  /** The packet acknowledges a probe that was a SYN of our own making. */
  readonly answersSyn: boolean;
}

/** RFC 792, RFC 4443 */
const ECHO_REPLIES: Readonly<Record<number, number>> = { 1: 0, 58: 129 };

/** RFC 9293 */
const TCP_FIN = 0x01;
const TCP_SYN = 0x02;
const TCP_RST = 0x04;

/** The reason that the kernel reports where its code gives none. */
const UNREPORTED = "NOT_SPECIFIED";

/** A raw socket gets a copy of an echo reply; the original then finds no ping socket. */
const ECHO_REPLY_ENDS = ["ping_rcv", "icmp_rcv", "icmpv6_rcv"];

const TCP_ENDS = ["tcp_v4_rcv", "tcp_v6_rcv"];

/** Whoever closes a socket, or takes an interface down, empties its queues. */
const EMPTYING = [
  "inet_sock_destruct",
  // Seen on Linux 6.1, which purges in place.
  "sk_stream_kill_queues",
  "skb_queue_purge_reason",
  "skb_queue_purge",
  "__sk_destruct",
];

/** Multicast for groups that nobody here has joined, as every frame of a link is shown to it. */
const NOT_JOINED = "ip6_mc_input";

/** Copies for packet and raw sockets: the packet itself goes on. */
const COPIES = ["packet_rcv", "tpacket_rcv", "packet_rcv_spkt"];
const RAW_COPIES = ["raw_rcv", "raw_rcv_skb", "rawv6_rcv", "rawv6_rcv_skb"];

/** Not dropped at all, or what TCP does with segments that it has already, or that end a connection. */
const HARMLESS = [
  "CONSUMED",
  "NOT_DROPPED_YET",
  // On a bridge or a listening interface everybody's frames come by.
  "OTHERHOST",
  "QUEUE_PURGE",
  "SOCKET_CLOSE",
  "PACKET_SOCK_ERROR",
  "DUP_FRAG",
  "TCP_OLD_DATA",
  "TCP_OFOMERGE",
  "TCP_OLD_SEQUENCE",
  "TCP_OLD_ACK",
  "TCP_TOO_OLD_ACK",
  "TCP_RESET",
  "TCP_CLOSE",
];

/** True when no packet is lost with this reason, whatever the location. */
export function isHarmless(reason: string | null): boolean {
  return reason !== null && HARMLESS.includes(reason);
}

/** True when no packet was lost. */
export function isBenignDrop(look: DropLook): boolean {
  const { reason, location } = look;
  if (isHarmless(reason)) return true;
  if (isDeliveredEcho(look) || isDeliveredAnswer(look)) return true;
  if (location === null) return false;
  if (EMPTYING.includes(location) || COPIES.includes(location)) return true;
  if (reason === "SOCKET_FILTER" && RAW_COPIES.includes(location)) return true;
  if (location === NOT_JOINED && isUnreported(reason)) return true;
  return isHandledError(look, location) || isAfterTheEnd(look, location);
}

function isDeliveredEcho(look: DropLook): boolean {
  const { protocol, icmpType, quoted: original } = look;
  if (original || icmpType === null || ECHO_REPLIES[protocol] !== icmpType) return false;
  return isUnwantedAt(ECHO_REPLY_ENDS, look);
}

/** The kernel knows nothing of a connection that a raw SYN would have begun; the raw socket got its copy before. */
function isDeliveredAnswer(look: DropLook): boolean {
  return look.answersSyn && isUnwantedAt(TCP_ENDS, look);
}

/** Without CAP_SYSLOG no location has a name, and the reason is enough; without a reason the location alone decides. */
function isUnwantedAt(locations: readonly string[], { reason, location }: DropLook): boolean {
  if (location === null) return reason === "NO_SOCKET";
  return (reason === "NO_SOCKET" || isUnreported(reason)) && locations.includes(location);
}

/** Before Linux 6.3 whatever ICMPv6 message was handled, but for echoes, is given up as if it had been dropped. */
function isHandledError({ reason }: DropLook, location: string): boolean {
  return isUnreported(reason) && location === "icmpv6_rcv";
}

/**
 * What a socket in TIME_WAIT has taken note of: the last FIN of nearly every connection. A kernel with reasons names what
 * has no socket; without them only a segment that carries no data of a living connection is known to be none.
 */
function isAfterTheEnd({ reason, tcpFlags }: DropLook, location: string): boolean {
  if (tcpFlags === null || !isUnreported(reason) || !TCP_ENDS.includes(location)) return false;
  if ((tcpFlags & TCP_SYN) !== 0) return false;
  return reason !== null || (tcpFlags & (TCP_FIN | TCP_RST)) !== 0;
}

function isUnreported(reason: string | null): boolean {
  return reason === null || reason === UNREPORTED;
}
