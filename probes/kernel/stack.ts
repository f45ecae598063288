// How the programs use their stack and registers: byte offsets from r10, the frame's top.

import { PARSED, PARSED_BYTES } from "./record.ts";

/** Room for an IPv6 header; an IPv4 header without options is shorter. */
export const IP_BYTES = 40;
/** 8 bytes of UDP or ICMP header and the cookie, or TCP up to its flags. */
export const L4_BYTES = 16;
/** See flows.ts. */
export const FLOW_KEY_BYTES = 40;

const IP = -IP_BYTES;
const L4 = IP - L4_BYTES;
const PARSED_AT = L4 - PARSED_BYTES;

export const STACK = {
  ip: IP,
  l4: L4,
  parsed: PARSED_AT,
  /** u32: cookie, flow or mark. */
  id: PARSED_AT - 8,
  /** u8: the protocol that the cursor is at. */
  protocol: PARSED_AT - 4,
  /** u64: the address behind the packet's last byte. */
  end: PARSED_AT - 16,
  /** u32: key of the lost counter. */
  index: PARSED_AT - 24,
  flowKey: PARSED_AT - 24 - FLOW_KEY_BYTES,
} as const;

export function parsedAt(field: keyof typeof PARSED): number {
  return STACK.parsed + PARSED[field];
}
