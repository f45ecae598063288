// Watches this kernel through tracefs: reasons and locations, but not whose packet it was.

import type { ProbeContext } from "../../src/probe.ts";
import { runTimeOf } from "./run-time.ts";
import { createTracefsTrace, type TracefsTrace } from "./tracefs-trace.ts";
import {
  type Attached,
  createLister,
  type KernelDeps,
  SHARED,
  type StepDown,
} from "./watch-source.ts";

export async function attachTracefs(
  { runStartMs, isShared }: KernelDeps,
  context: ProbeContext,
  fallbacks: readonly StepDown[],
): Promise<Attached> {
  if (isShared) return { kind: "unavailable", reason: SHARED };
  const trace = await createTracefsTrace();
  if (trace.kind === "unavailable") return trace;
  const steps = [...fallbacks];
  context.emit({ kind: "kernel-watch", source: "tracefs", stepsDown: steps, missingHooks: [] });
  const lister = createLister(context);
  const reading = list(trace, lister.add, runTimeOf(context.clock, runStartMs));
  const watching = {
    connecting: () => undefined,
    stop: async () => {
      await trace.close();
      await reading;
      const counted = { lost: trace.lost(), unlisted: lister.unlisted() };
      context.emit({ kind: "kernel-watch-ended", ...counted });
    },
  };
  return { kind: "watching", watching };
}

async function list(
  trace: TracefsTrace,
  add: ReturnType<typeof createLister>["add"],
  runTime: (monotonicMs: number) => number,
): Promise<void> {
  for await (const { monotonicMs, reason, inferred, symbol } of trace.drops) {
    add({
      kind: "kernel-drop",
      match: { by: "nothing" },
      reason,
      inferred,
      symbol,
      interface: null,
      namespace: { own: null, name: null, inode: null },
      packet: null,
      icmpSent: null,
      droppedAtMs: runTime(monotonicMs),
    });
  }
}
