// Kernel events by hand: what was watched with, drops, and what an interface saw of an attempt.

import type {
  KernelDrop,
  KernelFlow,
  KernelWatch,
  KernelWatchEnded,
} from "../../src/schema/events/kernel.ts";

export const WATCHED: KernelWatch = {
  kind: "kernel-watch",
  source: "ebpf",
  stepsDown: [],
  missingHooks: [],
};

/** Why an ordinary user sees no drops. */
export const DENIED = "bpf(BPF_MAP_CREATE) said EPERM: this process lacks CAP_BPF and CAP_PERFMON";

export const UNWATCHED: KernelWatch = {
  kind: "kernel-watch",
  source: "counters",
  stepsDown: [
    { source: "ebpf", reason: DENIED },
    { source: "tracefs", reason: "EACCES" },
  ],
  missingHooks: [],
};

const OWN: KernelDrop["namespace"] = { own: true, name: null, inode: 4026531840 };
export const OTHER: KernelDrop["namespace"] = { own: false, name: "box", inode: 4026532111 };

const PACKET: KernelDrop["packet"] = {
  family: 4,
  protocol: 6,
  ttl: 64,
  sizeBytes: 60,
  quoted: false,
  icmp: null,
  tcpFlags: 2,
};

/** A packet of the attempt t1 that netfilter dropped outbound. */
export function drop(more: Partial<KernelDrop> = {}): KernelDrop {
  return {
    kind: "kernel-drop",
    match: { by: "flow", attempt: "t1", direction: "out" },
    reason: "NETFILTER_DROP",
    inferred: false,
    symbol: "nft_do_chain",
    interface: "eth0",
    namespace: OWN,
    packet: PACKET,
    icmpSent: null,
    droppedAtMs: 20,
    ...more,
  };
}

export const INBOUND: KernelDrop["match"] = { by: "flow", attempt: "t1", direction: "in" };

export function flow(sent: number, received: number, receivedMaxBytes: number | null): KernelFlow {
  return {
    kind: "kernel-flow",
    attempt: "t1",
    interface: "eth0",
    sent,
    received,
    receivedMaxBytes,
  };
}

export function watchEnded(lost = 0): KernelWatchEnded {
  return { kind: "kernel-watch-ended", lost, unlisted: 0 };
}
