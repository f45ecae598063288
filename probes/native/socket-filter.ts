// Classic BPF programs for sockets (linux/filter.h, networking/filter.rst): what a socket is to receive at all.

import type { Family } from "../../src/schema/events/common.ts";
import { PROTOCOL } from "../packet/ip.ts";
import { ETH_P_IP, ETH_P_IPV6, SO_ATTACH_FILTER, SOL_SOCKET } from "./constants.ts";
import type { Libc } from "./libc.ts";

/** struct sock_filter: code, jumps if true and if false, operand. */
type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, operand: number];

/** linux/bpf_common.h: the class, the size and the mode of each, added up. */
const LOAD_BYTE = 0x30;
const LOAD_HALF = 0x28;
const LOAD_HALF_INDIRECT = 0x48;
/** Four times the low half of a byte: an IPv4 header's length. */
const LOAD_INDEX_NIBBLE = 0xb1;
const LOAD_WORD = 0x20;
const JUMP_IF_EQUAL = 0x15;
const JUMP_IF_SET = 0x45;
const RETURN = 0x06;

/** Offsets from here on count from the IP header, whatever the link's is (SKF_NET_OFF). */
const NETWORK = -0x10_0000;
const ALL = 0x4_0000;

/** The link's protocol, of a packet and not in it (SKF_AD_OFF + SKF_AD_PROTOCOL). */
const LINK_PROTOCOL = -0x1000;
/** RFC 8200 s.4.5 */
const FRAGMENT_HEADER = 44;

export const NOTHING: readonly Instruction[] = [[RETURN, 0, 0, 0]];

/** IP packets with TCP to this port, and of fragments none but the first. */
export function tcpTo(family: Family, port: number): readonly Instruction[] {
  const end: readonly Instruction[] = [
    [JUMP_IF_EQUAL, 0, 1, port],
    [RETURN, 0, 0, ALL],
    [RETURN, 0, 0, 0],
  ];
  if (family === 6) {
    return [
      [LOAD_BYTE, 0, 0, NETWORK + 6],
      [JUMP_IF_EQUAL, 0, 3, PROTOCOL.tcp],
      [LOAD_HALF, 0, 0, NETWORK + 42],
      ...end,
    ];
  }
  return [
    [LOAD_BYTE, 0, 0, NETWORK + 9],
    [JUMP_IF_EQUAL, 0, 6, PROTOCOL.tcp],
    [LOAD_HALF, 0, 0, NETWORK + 6],
    [JUMP_IF_SET, 4, 0, 0x1fff],
    [LOAD_INDEX_NIBBLE, 0, 0, NETWORK],
    [LOAD_HALF_INDIRECT, 0, 0, NETWORK + 2],
    ...end,
  ];
}

/** What probes and connections are made of, and what is said of them: TCP, UDP, ICMP, and their fragments. */
export const IP_TRANSPORTS: readonly Instruction[] = [
  [LOAD_WORD, 0, 0, LINK_PROTOCOL],
  [JUMP_IF_EQUAL, 0, 4, ETH_P_IP],
  [LOAD_BYTE, 0, 0, NETWORK + 9],
  [JUMP_IF_EQUAL, 8, 0, PROTOCOL.icmp],
  [JUMP_IF_EQUAL, 7, 0, PROTOCOL.tcp],
  [JUMP_IF_EQUAL, 6, 7, PROTOCOL.udp],
  [JUMP_IF_EQUAL, 0, 6, ETH_P_IPV6],
  [LOAD_BYTE, 0, 0, NETWORK + 6],
  [JUMP_IF_EQUAL, 3, 0, PROTOCOL.icmpv6],
  [JUMP_IF_EQUAL, 2, 0, PROTOCOL.tcp],
  [JUMP_IF_EQUAL, 1, 0, PROTOCOL.udp],
  [JUMP_IF_EQUAL, 0, 1, FRAGMENT_HEADER],
  [RETURN, 0, 0, ALL],
  [RETURN, 0, 0, 0],
];

const INSTRUCTION_BYTES = 8;
/** struct sock_fprog: how many, and where they are. */
const PROGRAM_BYTES = 16;

/** @returns what setsockopt returns */
export function attachFilter(libc: Libc, fd: number, instructions: readonly Instruction[]): number {
  const code = Buffer.alloc(INSTRUCTION_BYTES * instructions.length);
  for (const [n, [operation, ifTrue, ifFalse, operand]] of instructions.entries()) {
    const at = n * INSTRUCTION_BYTES;
    code.writeUInt16LE(operation, at);
    code.writeUInt8(ifTrue, at + 2);
    code.writeUInt8(ifFalse, at + 3);
    code.writeInt32LE(operand, at + 4);
  }
  const program = Buffer.alloc(PROGRAM_BYTES);
  program.writeUInt16LE(instructions.length, 0);
  program.writeBigUInt64LE(libc.addressOf(code), 8);
  return libc.setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, program, program.length);
}
