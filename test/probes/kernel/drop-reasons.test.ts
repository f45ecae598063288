// The kernel's own reason, else one inferred from location and answer, marked as such, else none.

import { expect, it } from "vitest";
import { type DropFacts, nameReason } from "../../../probes/kernel/drop-reasons.ts";

const NAMES = new Map([
  [2, "NOT_SPECIFIED"],
  [3, "NO_SOCKET"],
]);
const FACTS: DropFacts = {
  reason: null,
  location: null,
  family: 4,
  icmpSent: null,
  tcpFlags: null,
};

it.each<[string, Partial<DropFacts>, ReturnType<typeof nameReason>]>([
  ["the kernel's name", { reason: 3 }, { name: "NO_SOCKET", inferred: false }],
  ["a number that it does not name", { reason: 65537 }, { name: "65537", inferred: false }],
  ["unspecified, anywhere", { reason: 2 }, { name: "NOT_SPECIFIED", inferred: false }],
  [
    "unspecified, at a location with one reason",
    { reason: 2, location: "neigh_invalidate" },
    { name: "NEIGH_FAILED", inferred: true },
  ],
  ["none, anywhere", {}, null],
  ["none, at a filter", { location: "nf_hook_slow" }, { name: "NETFILTER_DROP", inferred: true }],
  [
    "none, of a SYN without a listener",
    { location: "tcp_v4_rcv", tcpFlags: 0x02 },
    { name: "NO_SOCKET", inferred: true },
  ],
  ["none, of another segment there", { location: "tcp_v4_rcv", tcpFlags: 0x10 }, null],
  [
    "unspecified, of a segment there",
    { reason: 2, location: "tcp_v4_rcv", tcpFlags: 0x11 },
    { name: "NOT_SPECIFIED", inferred: false },
  ],
  ["none, at a location with several", { location: "ip_forward" }, null],
  [
    "none, after TTL exceeded",
    { location: "ip_forward", icmpSent: { type: 11, code: 0 } },
    { name: "IP_INHDR", inferred: true },
  ],
  [
    "none, after packet too big",
    { location: "ip6_forward", family: 6, icmpSent: { type: 2, code: 0 } },
    { name: "PKT_TOO_BIG", inferred: true },
  ],
  [
    "none, after the other family's numbers",
    { location: "ip6_forward", family: 6, icmpSent: { type: 11, code: 0 } },
    null,
  ],
  [
    "none, of no family",
    { location: "ip_forward", family: null, icmpSent: { type: 11, code: 0 } },
    null,
  ],
])("%s", (_, facts, expected) => {
  expect(nameReason(NAMES, { ...FACTS, ...facts })).toEqual(expected);
});
