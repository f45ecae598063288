// Why the kernel gave a packet up: by its own name, or inferred from the location for kernels without reasons.

import type { Btf } from "ebpf-ts-bindings";
import type { DropEvent, IcmpNumbers } from "./kernel-event.ts";

/** Of the running kernel: numbers differ between kernels, so the names come from its BTF. */
export type ReasonNames = ReadonlyMap<number, string>;

export const REASON_ENUM = "skb_drop_reason";

/** Empty before 5.17. SKB_CONSUMED and the like keep their names without SKB_. */
export function readReasonNames(btf: Btf): ReasonNames {
  return new Map(
    btf
      .enumerators(REASON_ENUM)
      .map(({ name, value }) => [Number(value), name.replace(/^SKB_(DROP_REASON_)?/, "")]),
  );
}

/** The reason that the kernel reports where its code gives none. */
const UNREPORTED = "NOT_SPECIFIED";

export interface DropFacts {
  /** null when the kernel has no reasons. */
  readonly reason: number | null;
  /** The function's name without a compiler's suffix; null when unknown. */
  readonly location: string | null;
  readonly family: number | null;
  readonly icmpSent: IcmpNumbers | null;
  /** null when it is no TCP, or not known. */
  readonly tcpFlags: number | null;
}

export function nameReason(names: ReasonNames, facts: DropFacts): DropEvent["reason"] {
  const reported = reportedReason(names, facts.reason);
  if (reported !== null) return { name: reported, inferred: false };
  const name = inferReason(facts);
  if (name !== null) return { name, inferred: true };
  if (facts.reason === null) return null;
  // Reasons of subsystems such as mac80211 have numbers that this enum does not name.
  return { name: names.get(facts.reason) ?? String(facts.reason), inferred: false };
}

/** The kernel's own name, which needs no location; null where it gives none. */
export function reportedReason(names: ReasonNames, reason: number | null): string | null {
  const reported = reason === null ? undefined : names.get(reason);
  return reported === undefined || reported === UNREPORTED ? null : reported;
}

/** Locations that give packets up for one reason only. */
const BY_PLACE: Readonly<Record<string, string>> = {
  nf_hook_slow: "NETFILTER_DROP",
  nft_do_chain: "NETFILTER_DROP",
  ipt_do_table: "NETFILTER_DROP",
  ip6t_do_table: "NETFILTER_DROP",
  arp_error_report: "NEIGH_FAILED",
  ndisc_error_report: "NEIGH_FAILED",
  // Where the two above end with the call that frees the packet.
  neigh_invalidate: "NEIGH_FAILED",
  enqueue_to_backlog: "CPU_BACKLOG",
};

/** Locations that first send an ICMP error: "function type/code" by family (RFC 792, RFC 4443). */
const BY_ANSWER: Readonly<Record<4 | 6, Readonly<Record<string, string>>>> = {
  4: {
    "ip_forward 11/0": "IP_INHDR",
    "ip_forward 3/4": "PKT_TOO_BIG",
    "__udp4_lib_rcv 3/3": "NO_SOCKET",
    "ip_error 3/0": "IP_INNOROUTES",
    "ip_error 3/1": "IP_INNOROUTES",
    "ip_local_deliver_finish 3/2": "IP_NOPROTO",
    "ip_protocol_deliver_rcu 3/2": "IP_NOPROTO",
  },
  6: {
    "ip6_forward 3/0": "IP_INHDR",
    "ip6_forward 2/0": "PKT_TOO_BIG",
    "__udp6_lib_rcv 1/4": "NO_SOCKET",
    "ip6_pkt_drop 1/0": "IP_INNOROUTES",
  },
};

/** Locations that give up what has no socket, and what has one in TIME_WAIT; a kernel with reasons names the former. */
const TCP_ENDS = ["tcp_v4_rcv", "tcp_v6_rcv"];
/** RFC 9293 */
const TCP_SYN = 0x02;

function inferReason({ reason, location, family, icmpSent, tcpFlags }: DropFacts): string | null {
  if (location === null) return null;
  const certain = BY_PLACE[location];
  if (certain !== undefined) return certain;
  if (TCP_ENDS.includes(location)) {
    return reason === null && ((tcpFlags ?? 0) & TCP_SYN) !== 0 ? "NO_SOCKET" : null;
  }
  if (icmpSent === null || (family !== 4 && family !== 6)) return null;
  return BY_ANSWER[family][`${location} ${icmpSent.type}/${icmpSent.code}`] ?? null;
}
