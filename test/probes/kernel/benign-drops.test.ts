// What looks like a drop and is none, and what looks alike and is one.

import { expect, it } from "vitest";
import { type DropLook, isBenignDrop } from "../../../probes/kernel/benign-drops.ts";

const LOOK: DropLook = {
  reason: "NO_SOCKET",
  location: "__udp4_lib_rcv",
  protocol: 17,
  icmpType: null,
  tcpFlags: null,
  quoted: false,
  answersSyn: false,
};
const [FIN_ACK, SYN, ACK] = [0x11, 0x02, 0x10];
const SEGMENT = { location: "tcp_v4_rcv", protocol: 6, tcpFlags: FIN_ACK };
const HANDLED = { location: "icmpv6_rcv", protocol: 58, icmpType: 1, quoted: true };
const REPLY = { location: "ping_rcv", protocol: 1, icmpType: 0 };

it.each<[string, Partial<DropLook>, boolean]>([
  ["a datagram without a socket", {}, false],
  ["an echo reply that a raw socket has", REPLY, true],
  ["the same on a kernel without reasons", { ...REPLY, location: "icmp_rcv", reason: null }, true],
  ["the same over IPv6", { location: "icmpv6_rcv", protocol: 58, icmpType: 129 }, true],
  [
    "an echo reply with a bad checksum",
    { ...REPLY, location: "icmp_rcv", reason: "ICMP_CSUM" },
    false,
  ],
  ["an echo reply where no location has a name", { ...REPLY, location: null }, true],
  ["the same without a reason", { ...REPLY, location: null, reason: null }, false],
  [
    "the answer to our SYN where no location has a name",
    { location: null, answersSyn: true },
    true,
  ],
  ["an echo request there", { ...REPLY, location: "icmp_rcv", icmpType: 8 }, false],
  [
    "an echo reply that a filter drops",
    { ...REPLY, location: "nft_do_chain", reason: "NETFILTER_DROP" },
    false,
  ],
  ["a SYN without a listener", { location: "tcp_v4_rcv", protocol: 6 }, false],
  ["the RST that answers our SYN", { location: "tcp_v4_rcv", protocol: 6, answersSyn: true }, true],
  ["the same on a kernel without reasons", { ...SEGMENT, reason: null, answersSyn: true }, true],
  ["a queue that is emptied", { reason: "QUEUE_PURGE", location: null }, true],
  [
    "a socket that is closed, on a kernel without reasons",
    { reason: null, location: "inet_sock_destruct" },
    true,
  ],
  [
    "what a closed socket had not read, on Linux 6.1",
    { reason: "NOT_SPECIFIED", location: "sk_stream_kill_queues" },
    true,
  ],
  ["a packet socket's copy", { reason: null, location: "tpacket_rcv" }, true],
  [
    "a raw socket's copy that its filter refuses",
    { reason: "SOCKET_FILTER", location: "raw_rcv" },
    true,
  ],
  [
    "a raw socket's copy for which it has no room",
    { reason: "SOCKET_RCVBUFF", location: "raw_rcv" },
    false,
  ],
  [
    "a segment that came twice",
    { reason: "TCP_OLD_DATA", location: "tcp_data_queue", protocol: 6 },
    true,
  ],
  ["a FIN for a socket in TIME_WAIT", { ...SEGMENT, reason: "NOT_SPECIFIED" }, true],
  ["the same on a kernel without reasons", { ...SEGMENT, reason: null }, true],
  ["a FIN without a socket", SEGMENT, false],
  ["a SYN without a reason", { ...SEGMENT, reason: "NOT_SPECIFIED", tcpFlags: SYN }, false],
  ["data, on a kernel without reasons", { ...SEGMENT, reason: null, tcpFlags: ACK }, false],
  ["a FIN that a filter drops", { ...SEGMENT, reason: null, location: "nf_hook_slow" }, false],
  ["an ICMPv6 error that was handled, before 6.3", { ...HANDLED, reason: "NOT_SPECIFIED" }, true],
  ["an ICMPv6 error with a bad checksum", { ...HANDLED, reason: "ICMP_CSUM" }, false],
  [
    "IPv6 multicast for a group that is not joined",
    { location: "ip6_mc_input", reason: "NOT_SPECIFIED", protocol: 58, icmpType: 143 },
    true,
  ],
  ["a location that is not known", { location: null }, false],
])("%s", (_, look, expected) => {
  expect(isBenignDrop({ ...LOOK, ...look })).toBe(expected);
});
