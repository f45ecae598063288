// Watches this kernel through eBPF: whose packet it was, where, and why.

import type { KernelWatching, ProbeContext } from "../../src/probe.ts";
import { MARK, MARK_MASK } from "../native/mark.ts";
import { cookieOf } from "../packet/cookie.ts";
import { type DropNames, dropBody } from "./drop-events.ts";
import { createFlowCounts } from "./flow-counts.ts";
import type { BareDrop } from "./interpret.ts";
import type { DropEvent, KernelEvent } from "./kernel-event.ts";
import { createKernelTrace, type KernelTrace } from "./kernel-trace.ts";
import { OWN_NAMESPACE } from "./namespaces.ts";
import { bindFlow } from "./own-flow.ts";
import { OFF } from "./privilege.ts";
import { runTimeOf } from "./run-time.ts";
import { createSightings } from "./sightings.ts";
import { whyNoSymbols } from "./symbols.ts";
import { type Attached, createLister, type KernelDeps, type StepDown } from "./watch-source.ts";

/** What is reported, and what an ICMP error that was sent is known by. */
const STAGES = ["drop", "queued", "sent", "received", "icmp-sent"] as const;

/**
 * 20 000 records: the tool's own packets, which are few, while the event loop is kept busy. The kernel maps all of a ring
 * at once and twice, so that each of its bytes counts for two in the process's memory.
 */
const RING_BYTES = 2 << 20;

export async function attachEbpf(
  deps: KernelDeps,
  context: ProbeContext,
  fallbacks: readonly StepDown[],
): Promise<Attached> {
  if (!deps.ebpf) return { kind: "unavailable", reason: OFF };
  const followed = createFollowed(deps, context);
  const trace = await createKernelTrace({
    session: deps.session,
    stages: STAGES,
    ownNetns: !deps.allNetns,
    ringBytes: RING_BYTES,
    ignores: followed.isOver,
    headers: true,
    ...(deps.marked ? { mark: { value: MARK, mask: MARK_MASK } } : {}),
  });
  if (trace.kind === "unavailable") return { kind: "unavailable", reason: trace.reason.text };
  const missingHooks = trace.hooks.flatMap(({ name, reason }) =>
    reason === null ? [] : [{ hook: name, reason: reason.text }],
  );
  const noNames = whyNoSymbols();
  if (noNames !== null) missingHooks.push({ hook: "names of functions", reason: noNames });
  const steps = { stepsDown: [...fallbacks], missingHooks };
  context.emit({ kind: "kernel-watch", source: "ebpf", ...steps });
  return { kind: "watching", watching: follow(trace, followed, deps, context) };
}

/** The run's attempts, a flow's number being its index among them. */
interface Followed extends DropNames {
  readonly attempts: string[];
  /** What still comes for a connection after its end finds no socket, and is no loss. */
  isOver(drop: BareDrop): boolean;
}

function createFollowed(deps: KernelDeps, { clock, path }: ProbeContext): Followed {
  const attempts: string[] = [];
  const nameOf = (flow: number) => attempts[flow];
  const sinceStartMs = runTimeOf(clock, deps.runStartMs);
  return {
    attempts,
    nameOf,
    sinceStartMs,
    isOver: ({ match, monotonicMs }) => {
      if (match.by !== "flow" || match.direction !== "in") return false;
      const name = nameOf(match.flow);
      const attempt = path().attempts.find((candidate) => candidate.attempt === name);
      if (attempt === undefined || attempt.ended === null) return false;
      return sinceStartMs(monotonicMs) >= attempt.atMs + attempt.ended.sinceStartMs;
    },
  };
}

function follow(
  trace: KernelTrace,
  followed: Followed,
  deps: KernelDeps,
  context: ProbeContext,
): KernelWatching {
  const { attempts, nameOf } = followed;
  const counts = createFlowCounts(nameOf);
  const lister = createLister(context);
  const report = (event: DropEvent) => {
    // A mark shows where a packet is, and not whose loss it was: other runs have the same ones.
    if (event.match.by === "mark") return;
    const body = dropBody(event, followed);
    if (body !== undefined) lister.add(body);
  };
  const sightings = createSightings({
    ...followed,
    cookieOf: (mark) => cookieOf(deps.session, mark),
  });
  const take = (event: KernelEvent) => {
    const own = event.device.netnsName === OWN_NAMESPACE;
    if (!own && !deps.allNetns) return;
    // Another run in another namespace has the same marks.
    const isForeign = event.match.by === "mark" && !(own && deps.isOwnMark(event.match.mark));
    if (!isForeign) sightings.add(event);
    if (event.kind === "drop") report(event);
    else if (own) counts.add(event);
  };
  const read = async () => {
    for await (const event of trace.events) take(event);
  };
  return {
    connecting: (connection) => {
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
      // Not before: the names of functions take long to read, and what is being measured would wait.
      await read();
      for (const flow of counts.all()) context.emit({ kind: "kernel-flow", ...flow });
      for (const probe of sightings.all()) context.emit({ kind: "kernel-probe", ...probe });
      context.emit({ kind: "kernel-watch-ended", lost: trace.lost(), unlisted: lister.unlisted() });
    },
  };
}
