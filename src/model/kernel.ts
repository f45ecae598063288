// What this kernel reported about the tool's own packets, and which of it is evidence.

import type { ProbeEvent } from "../schema/event.ts";
import type {
  CounterCheck,
  KernelCounters,
  KernelDrop,
  KernelFlow,
  KernelProbe,
  KernelWatch,
  KernelWatchEnded,
} from "../schema/events/kernel.ts";
import type { Add } from "./add.ts";
import type { Seen } from "./seen.ts";

export interface KernelEvidence {
  /** Null when nothing was watched. */
  readonly watch: Seen<KernelWatch> | null;
  readonly drops: readonly Seen<KernelDrop>[];
  readonly flows: readonly Seen<KernelFlow>[];
  readonly probes: readonly Seen<KernelProbe>[];
  readonly counters: Seen<KernelCounters> | null;
  readonly ended: Seen<KernelWatchEnded> | null;
  /** Null where it was not needed, or counters cannot be read. */
  readonly check: Seen<CounterCheck> | null;
}

type KernelEvent = Extract<
  ProbeEvent,
  {
    kind:
      | "kernel-watch"
      | "kernel-drop"
      | "kernel-flow"
      | "kernel-probe"
      | "kernel-counters"
      | "kernel-watch-ended"
      | "counter-check";
  }
>;

/** @param add how a list gets one more */
export function reduceKernel(kernel: KernelEvidence, event: KernelEvent, add: Add): KernelEvidence {
  switch (event.kind) {
    case "kernel-watch":
      return { ...kernel, watch: event };
    case "kernel-drop":
      return { ...kernel, drops: add(kernel.drops, event) };
    case "kernel-flow":
      return { ...kernel, flows: add(kernel.flows, event) };
    case "kernel-probe":
      return { ...kernel, probes: add(kernel.probes, event) };
    case "kernel-counters":
      return { ...kernel, counters: event };
    case "kernel-watch-ended":
      return { ...kernel, ended: event };
    case "counter-check":
      return { ...kernel, check: event };
  }
}
