// Watches this kernel by its counters: that something was lost in this namespace, but not whose packet, nor where.

import type { ProbeContext } from "../../src/probe.ts";
import { readCounters, rises } from "./counters.ts";
import { type Attached, type KernelDeps, SHARED, type StepDown } from "./watch-source.ts";

export async function attachCounters(
  { system, isShared }: KernelDeps,
  { emit }: ProbeContext,
  fallbacks: readonly StepDown[],
): Promise<Attached> {
  if (isShared) return { kind: "unavailable", reason: SHARED };
  const before = await readCounters(system);
  if (before.size === 0) return { kind: "unavailable", reason: "/proc/self/net is not readable" };
  emit({ kind: "kernel-watch", source: "counters", stepsDown: [...fallbacks], missingHooks: [] });
  const watching = {
    connecting: () => undefined,
    stop: async () => {
      const changes = [...rises(before, await readCounters(system))];
      emit({ kind: "kernel-counters", changes });
      emit({ kind: "kernel-watch-ended", lost: 0, unlisted: 0 });
    },
  };
  return { kind: "watching", watching };
}
