// What the codes of ICMP's destination unreachable mean, for both families in the same words.

import type { ProbeOutcome } from "./events/probe.ts";

export type UnreachableKind =
  /** The sender has no route to the destination. */
  | "network"
  /** The last link answers no ARP or neighbour discovery, or a router holds an unreachable route. */
  | "host"
  | "port"
  | "protocol"
  /** A rule forbids it. */
  | "prohibited"
  | "other";

/** RFC 792, RFC 1122 s.3.2.2.1, RFC 1812 s.5.2.7.1 */
const TYPE_V4 = 3;
const V4: Readonly<Record<number, UnreachableKind>> = {
  0: "network",
  5: "network",
  6: "network",
  8: "network",
  11: "network",
  1: "host",
  7: "host",
  12: "host",
  2: "protocol",
  3: "port",
  9: "prohibited",
  10: "prohibited",
  13: "prohibited",
};
/** RFC 4443 s.3.1; 5 and 6 are special forms of 1. */
const TYPE_V6 = 1;
const V6: Readonly<Record<number, UnreachableKind>> = {
  0: "network",
  1: "prohibited",
  2: "network",
  3: "host",
  4: "port",
  5: "prohibited",
  6: "prohibited",
};

/** @param address of the probe's target: its family decides what the numbers mean */
export function unreachableKind(
  { type, code }: Pick<Extract<ProbeOutcome, { kind: "unreachable" }>, "type" | "code">,
  address: string,
): UnreachableKind {
  const [expected, codes] = address.includes(":")
    ? ([TYPE_V6, V6] as const)
    : ([TYPE_V4, V4] as const);
  return (type === expected ? codes[code] : undefined) ?? "other";
}
