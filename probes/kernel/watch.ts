// Watches this kernel while probes are sent, with the best source that it lets us have.

import { hrtime } from "node:process";
import type { Clock } from "../../src/clock.ts";
import type { KernelSource, KernelWatch } from "../../src/model/events/kernel.ts";
import type { Connection, KernelWatching, ProbeContext } from "../../src/probe.ts";
import type { Libc } from "../native/libc.ts";
import { dropBody } from "./drop-events.ts";
import { createFlowCounts } from "./flow-counts.ts";
import type { DropEvent } from "./kernel-event.ts";
import { createKernelTrace, type KernelTrace } from "./kernel-trace.ts";
import { OWN_NAMESPACE } from "./namespaces.ts";
import { bindFlow } from "./own-flow.ts";

export interface KernelDeps {
  readonly libc: Libc;
  /** The upper 16 bits of this run's cookies. */
  readonly session: number;
  /** False: --no-ebpf was given. */
  readonly ebpf: boolean;
  /** Drops in other network namespaces are told too. */
  readonly allNetns: boolean;
  /** The clock's reading when the run began. */
  readonly runStartMs: number;
}

/** Drops that a recording keeps: more of the same say nothing new. */
const LISTED_MAX = 1000;

type StepDown = KernelWatch["stepsDown"][number];

/** A source that is on, or why it cannot be. */
export type Attached =
  | { readonly kind: "watching"; readonly watching: KernelWatching }
  | { readonly kind: "unavailable"; readonly reason: string };

interface Source {
  readonly source: KernelSource;
  attach(deps: KernelDeps, context: ProbeContext, before: readonly StepDown[]): Promise<Attached>;
}

const SOURCES: readonly Source[] = [{ source: "ebpf", attach: attachEbpf }];

/** Never throws: without any source the run goes on unwatched, and says why. */
export async function watchKernel(
  deps: KernelDeps,
  context: ProbeContext,
): Promise<KernelWatching> {
  const stepsDown: StepDown[] = [];
  for (const { source, attach } of SOURCES) {
    const attached = await attach(deps, context, stepsDown);
    if (attached.kind === "watching") return attached.watching;
    stepsDown.push({ source, reason: attached.reason });
  }
  context.emit({ kind: "kernel-watch", source: null, stepsDown, missingHooks: [] });
  return { connecting: () => undefined, stop: async () => undefined };
}

async function attachEbpf(
  deps: KernelDeps,
  context: ProbeContext,
  stepsDown: readonly StepDown[],
): Promise<Attached> {
  if (!deps.ebpf) return { kind: "unavailable", reason: "switched off by --no-ebpf" };
  const trace = await createKernelTrace({ session: deps.session });
  if (trace.kind === "unavailable") return { kind: "unavailable", reason: trace.reason.text };
  const missingHooks = trace.hooks.flatMap(({ name, reason }) =>
    reason === null ? [] : [{ hook: name, reason: reason.text }],
  );
  const steps = { stepsDown: [...stepsDown], missingHooks };
  context.emit({ kind: "kernel-watch", source: "ebpf", ...steps });
  return { kind: "watching", watching: follow(trace, deps, context) };
}

function follow(trace: KernelTrace, deps: KernelDeps, context: ProbeContext): KernelWatching {
  const attempts: string[] = [];
  const nameOf = (flow: number) => attempts[flow];
  const sinceStartMs = fromMonotonic(context.clock, deps.runStartMs);
  const counts = createFlowCounts(nameOf);
  let listed = 0;
  let unlisted = 0;
  const tell = (event: DropEvent) => {
    const body = dropBody(event, { nameOf, sinceStartMs });
    if (body === undefined || isOver(context, body)) return;
    if (listed === LISTED_MAX) {
      unlisted += 1;
      return;
    }
    listed += 1;
    context.emit(body);
  };
  const read = async () => {
    for await (const event of trace.events) {
      const own = event.place.netnsName === OWN_NAMESPACE;
      if (event.kind === "drop" && (own || deps.allNetns)) tell(event);
      else if (event.kind === "stage" && own) counts.add(event);
    }
  };
  const reading = read();
  return {
    connecting: (connection: Connection) => {
      const flow = bindFlow(deps.libc, connection);
      if (flow === undefined) return;
      attempts.push(connection.name);
      try {
        trace.addFlow(flow, attempts.length - 1);
      } catch {
        // More connections than the kernel's table has room for: this one is not followed.
      }
    },
    stop: async () => {
      await trace.close();
      await reading;
      for (const flow of counts.all()) context.emit({ kind: "kernel-flow", ...flow });
      context.emit({ kind: "kernel-watch-ended", lost: trace.lost(), unlisted });
    },
  };
}

/** What still comes for a connection after its end finds no socket, and is no loss. */
function isOver(
  { path }: ProbeContext,
  { match, droppedAtMs }: Exclude<ReturnType<typeof dropBody>, undefined>,
): boolean {
  if (match.by !== "flow") return false;
  const attempt = path().attempts.find((candidate) => candidate.attempt === match.attempt);
  if (attempt === undefined || attempt.ended === null) return false;
  return droppedAtMs >= attempt.atMs + attempt.ended.sinceStartMs;
}

const NS_PER_MS = 1e6;

/** The kernel stamps with the clock that process.hrtime reads. */
function fromMonotonic(clock: Clock, runStartMs: number): (monotonicMs: number) => number {
  const aheadMs = Number(hrtime.bigint()) / NS_PER_MS - clock.now();
  return (monotonicMs) => monotonicMs - aheadMs - runStartMs;
}
