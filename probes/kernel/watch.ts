// Watches this kernel while probes are sent, with the best source that it lets us have: each is tried, none is assumed.

import type { KernelWatching, ProbeContext } from "../../src/probe.ts";
import { attachCounters } from "./watch-counters.ts";
import { attachEbpf } from "./watch-ebpf.ts";
import type { KernelDeps, Source, StepDown } from "./watch-source.ts";
import { attachTracefs } from "./watch-tracefs.ts";

const SOURCES: readonly Source[] = [
  { source: "ebpf", attach: attachEbpf },
  { source: "tracefs", attach: attachTracefs },
  { source: "counters", attach: attachCounters },
];

/** Never throws: without any source the run goes on unwatched, and the reason is reported. */
export async function watchKernel(
  deps: KernelDeps,
  context: ProbeContext,
): Promise<KernelWatching> {
  const fallbacks: StepDown[] = [];
  for (const { source, attach } of SOURCES) {
    const attached = await attach(deps, context, fallbacks);
    if (attached.kind === "watching") return attached.watching;
    fallbacks.push({ source, reason: attached.reason });
  }
  context.emit({ kind: "kernel-watch", source: null, stepsDown: fallbacks, missingHooks: [] });
  return { connecting: () => undefined, stop: async () => undefined };
}
