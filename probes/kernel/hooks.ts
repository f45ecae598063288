// Which hooks this kernel has, and where each of them has the packet.

import type { Btf, BtfTarget, HookKind } from "ebpf-ts-bindings";
import type { KernelStage } from "./kernel-event.ts";

export interface Hook {
  readonly name: string;
  readonly kind: HookKind;
  readonly target: BtfTarget;
  readonly stage: KernelStage | "drop";
  /** Which argument is the struct sk_buff *. */
  readonly skb: number;
  /** Where the IP header is: `data` while the packet has just come in, else `network`. */
  readonly header: "network" | "data";
  /** Arguments with the calling function's address, and the drop reason, of kfree_skb. */
  readonly location: number | null;
  readonly reason: number | null;
  /** Arguments with type and code of an ICMP error to be sent. */
  readonly icmp: readonly [number, number] | null;
}

type Wanted = Pick<Hook, "name" | "kind" | "stage"> & Partial<Pick<Hook, "header" | "icmp">>;

const ICMP_ARGUMENTS: readonly [number, number] = [1, 2];

export const DROP_TRACEPOINT = "kfree_skb";

/** One of each row is used, the first that the kernel has. */
const WANTED: readonly (readonly Wanted[])[] = [
  [{ name: DROP_TRACEPOINT, kind: "tp_btf", stage: "drop" }],
  [{ name: "net_dev_queue", kind: "tp_btf", stage: "queued" }],
  [{ name: "net_dev_start_xmit", kind: "tp_btf", stage: "sent" }],
  [{ name: "netif_receive_skb", kind: "tp_btf", stage: "received", header: "data" }],
  [{ name: "skb_copy_datagram_iovec", kind: "tp_btf", stage: "delivered" }],
  [
    // Newer kernels have both: events would come twice.
    { name: "icmp_send", kind: "tp_btf", stage: "icmp-sent", icmp: ICMP_ARGUMENTS },
    { name: "__icmp_send", kind: "fentry", stage: "icmp-sent", icmp: ICMP_ARGUMENTS },
  ],
  [{ name: "icmp6_send", kind: "fentry", stage: "icmp-sent", icmp: ICMP_ARGUMENTS }],
  [{ name: "ip_forward", kind: "fentry", stage: "forwarded" }],
  [{ name: "ip6_forward", kind: "fentry", stage: "forwarded" }],
];

const LOCATION_ARGUMENT = 1;
/** kfree_skb has (skb, location) before 5.17, then the reason, then the socket. */
const REASON_ARGUMENT = 2;

const namesOf = (isMeant: (kind: HookKind) => boolean) =>
  WANTED.flat().flatMap(({ kind, name }) => (isMeant(kind) ? [name] : []));

/** Every name that is looked up below. */
export const HOOK_NAMES = {
  names: namesOf((kind) => kind !== "tp_btf"),
  tracepoints: namesOf((kind) => kind === "tp_btf"),
};

export function findHooks(btf: Btf): Hook[] {
  return WANTED.flatMap((row) => row.flatMap((wanted) => resolve(btf, wanted)).slice(0, 1));
}

/** The same hook on a kernel that reports no reasons, as those before 5.17. */
export function withoutReason(hook: Hook): Hook {
  return { ...hook, reason: null };
}

function resolve(btf: Btf, wanted: Wanted): Hook[] {
  const target = wanted.kind === "tp_btf" ? btf.tracepoint(wanted.name) : btf.func(wanted.name);
  const skb = target?.parameters.findIndex(({ pointsTo }) => pointsTo === "sk_buff") ?? -1;
  if (target === undefined || skb < 0) return [];
  const isDrop = wanted.stage === "drop";
  const hasReason = isDrop && target.parameters.length > REASON_ARGUMENT;
  return [
    {
      header: "network",
      icmp: null,
      ...wanted,
      target,
      skb,
      location: isDrop ? LOCATION_ARGUMENT : null,
      reason: hasReason ? REASON_ARGUMENT : null,
    },
  ];
}
