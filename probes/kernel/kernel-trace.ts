// Follows the tool's own packets through the kernel, and reports where and why one was given up.

import {
  type Bpf,
  BtfError,
  type PerCpuArrayMap,
  type Program,
  type Reason,
  type RingBufferMap,
} from "ebpf-ts-bindings";
import { addressBytes } from "../packet/address.ts";
import { explainOwnFailure, openOwnBpf } from "../privileged/open.ts";
import { createFlowTable, type FlowTable } from "./flow-table.ts";
import type { Flow } from "./flows.ts";
import { type Hook, withoutReason } from "./hooks.ts";
import type { BareDrop } from "./interpret.ts";
import type { KernelEvent } from "./kernel-event.ts";
import { type KernelTypes, kernelTypes } from "./kernel-types.ts";
import type { KernelLayout } from "./layout.ts";
import { buildLearningProgram } from "./learn-program.ts";
import { readNamespaceNames } from "./namespaces.ts";
import { buildProgram } from "./program.ts";
import type { ProgramSettings } from "./program-settings.ts";
import { readEvents } from "./read-events.ts";
import { createRecordQueue, type RecordQueue } from "./record-queue.ts";

export interface KernelTraceOptions {
  /** The upper 16 bits of the cookies to follow (probes/packet/cookie.ts); null for those of every run. */
  readonly session: number | null;
  /** Only drops, of more packets than that: from or to these addresses, or all there are. Events bear addresses then. */
  readonly drops?: { readonly peers: readonly string[]; readonly everything: boolean };
  /** Events bear addresses; those of drops alone do so anyway. */
  readonly headers?: boolean;
  /** Follow packets with `(mark & mask) === value` as well. Marks are wiped where a packet enters another namespace. */
  readonly mark?: { readonly value: number; readonly mask: number };
  /** Follow what answers packets with the mark as well: a flow's number is then its mark. */
  readonly learns?: boolean;
  /** Room for records in the kernel: a power of two, 8 MiB by default. */
  readonly ringBytes?: number;
  /** False: do as on a kernel that reports no reasons, and infer them. */
  readonly withReasons?: boolean;
  /** The stages that are reported; all there are unless given. */
  readonly stages?: readonly Hook["stage"][];
  /** Packets in other network namespaces are skipped early, and are not reported. */
  readonly ownNetns?: boolean;
  /** Drops that are of no interest: they are not reported, and their locations not looked up. */
  readonly ignores?: (drop: BareDrop) => boolean;
  /** Closes the trace. */
  readonly signal?: AbortSignal;
}

/** Whether a hook is on; the trace goes on without those that are not, except for the one that sees drops. */
export interface HookState {
  readonly name: string;
  readonly kind: Hook["kind"];
  /** null when it is on. */
  readonly reason: Reason | null;
}

/** Nothing can be followed here, and why. */
export interface Unavailable {
  readonly kind: "unavailable";
  readonly reason: Reason;
}

export interface KernelTrace {
  readonly kind: "trace";
  readonly hooks: readonly HookState[];
  /** In the order in which they happened; ends when the trace is closed. To be read once. */
  readonly events: AsyncIterable<KernelEvent>;
  /** Records for which there was no room, in the kernel or here: with any, a missing event means nothing. */
  lost(): number;
  /**
   * Follows a connection of the tool, both directions, under a number below 2^31.
   * @throws BpfSyscallError with E2BIG beyond 512 connections at a time
   */
  addFlow(flow: Flow, number: number): void;
  removeFlow(flow: Flow): void;
  /** Detaches; what was recorded can still be read. */
  close(): Promise<void>;
}

/** A quarter of a second of 350 000 records a second, for a reader that is kept waiting. */
const RING_BYTES = 8 << 20;
const SESSION_MASK = 0xffff;

/** Loads the programs. Needs what `ebpf-ts-bindings` needs: root, or CAP_BPF and CAP_PERFMON, and a kernel with BTF. */
export async function createKernelTrace(
  options: KernelTraceOptions,
): Promise<KernelTrace | Unavailable> {
  try {
    return await startTrace(options);
  } catch (error) {
    return { kind: "unavailable", reason: await explainOwnFailure(error) };
  }
}

async function startTrace(options: KernelTraceOptions): Promise<KernelTrace> {
  const bpf = await openOwnBpf();
  const types = kernelTypes(bpf);
  const namespaces = readNamespaceNames();
  const loaded = await load(bpf, types, options, namespaces.own);
  const ignores = options.ignores ?? (() => false);
  const names = { hooks: loaded.hooks, reasons: types.reasons, namespaces, ignores };
  const queue = createRecordQueue();
  const consumer = startConsumer(bpf, loaded, queue);
  let closing: Promise<void> | undefined;
  let lost: number | undefined;
  const countLost = () => lost ?? Number(loaded.lost.sum(0)) + queue.refused;
  const close = async () => {
    options.signal?.removeEventListener("abort", closeNow);
    loaded.detach();
    await consumer.close();
    queue.end();
    lost = countLost();
    loaded.free();
  };
  const closeNow = () => {
    closing ??= close();
    return closing;
  };
  options.signal?.addEventListener("abort", closeNow);
  if (options.signal?.aborted) await closeNow();
  return {
    kind: "trace",
    hooks: loaded.states,
    events: readEvents(queue, { ...names, headers: hasHeaders(options) }),
    lost: countLost,
    addFlow: loaded.flows.add,
    removeFlow: loaded.flows.remove,
    close: closeNow,
  };
}

function hasHeaders({ headers, drops }: KernelTraceOptions): boolean {
  return headers === true || drops !== undefined;
}

function startConsumer(bpf: Bpf, loaded: Loaded, queue: RecordQueue) {
  try {
    return bpf.consume(loaded.ring, { onRecord: (record) => queue.add(record) });
  } catch (error) {
    loaded.detach();
    loaded.free();
    throw error;
  }
}

interface Loaded {
  readonly ring: RingBufferMap;
  readonly lost: PerCpuArrayMap;
  readonly flows: FlowTable;
  readonly hooks: readonly Hook[];
  readonly states: readonly HookState[];
  detach(): void;
  free(): void;
}

async function load(
  bpf: Bpf,
  types: KernelTypes,
  options: KernelTraceOptions,
  ownNetns: number | null,
): Promise<Loaded> {
  const { layout } = types;
  if (layout instanceof BtfError) throw layout;
  const { drops } = options;
  const hooks = hooksFor(types, options);
  const open: { close(): void }[] = [];
  const links: { close(): void }[] = [];
  const closeAll = (all: { close(): void }[]) => {
    for (const one of all.splice(0)) one.close();
  };
  const keep = <T extends { close(): void }>(one: T): T => {
    open.push(one);
    return one;
  };
  try {
    const ring = keep(
      bpf.createRingBuffer({ name: "wt_events", sizeBytes: options.ringBytes ?? RING_BYTES }),
    );
    const lost = keep(bpf.createPerCpuArray({ name: "wt_lost", valueBytes: 8, entries: 1 }));
    const flows = keep(createFlowTable(bpf, options.learns === true));
    const mark = options.mark ?? null;
    const session = options.session === null ? null : options.session & SESSION_MASK;
    const settings: ProgramSettings = {
      ring,
      lost,
      session,
      mark,
      flows: flows.maps,
      netns: options.ownNetns ? ownNetns : null,
      prefilter: layout.cast !== null && drops === undefined,
      peers: (drops?.peers ?? []).map(addressBytes),
      everything: drops?.everything ?? false,
      learns: options.learns === true,
      headers: hasHeaders(options),
    };
    const states: HookState[] = [];
    for (const [index, hook] of hooks.entries()) {
      const { name, kind } = hook;
      try {
        links.push(attach(bpf, layout, hook, index, settings));
        states.push({ name, kind, reason: null });
      } catch (error) {
        if (hook.stage === "drop") throw error;
        states.push({ name, kind, reason: await explainOwnFailure(error) });
      }
    }
    const detach = () => closeAll(links);
    return { ring, lost, flows, hooks, states, detach, free: () => closeAll(open) };
  } catch (error) {
    closeAll(links);
    closeAll(open);
    throw error;
  }
}

/** Behind netfilter, as packets leave; nothing is reported of it. */
const LEARNING_STAGE = "queued";

/** What a drop is reported with. */
const DROP_STAGES: readonly Hook["stage"][] = ["drop", "icmp-sent"];

function hooksFor({ hooks }: KernelTypes, options: KernelTraceOptions): readonly Hook[] {
  const { withReasons = true, drops } = options;
  const dropStages = options.learns === true ? [...DROP_STAGES, LEARNING_STAGE] : DROP_STAGES;
  const stages = drops === undefined ? options.stages : dropStages;
  const meant = hooks.filter(({ stage }) => stages?.includes(stage) ?? true);
  return withReasons ? meant : meant.map(withoutReason);
}

/** The link keeps the program, so that its own descriptor is not needed any more. */
function attach(
  bpf: Bpf,
  layout: KernelLayout,
  hook: Hook,
  index: number,
  settings: ProgramSettings,
) {
  const program = loadProgram(bpf, layout, hook, index, settings);
  try {
    return program.attach();
  } finally {
    program.close();
  }
}

/** Kernels that have the cast and refuse it to this kind of program get the same one without. */
function loadProgram(
  bpf: Bpf,
  layout: KernelLayout,
  hook: Hook,
  index: number,
  settings: ProgramSettings,
): Program {
  const { kind, target } = hook;
  const instructions =
    settings.learns && settings.mark !== null && hook.stage === LEARNING_STAGE
      ? buildLearningProgram(layout, hook, settings, settings.mark)
      : buildProgram(layout, hook, index, settings);
  try {
    return bpf.loadProgram({ name: `wt_${hook.name}`, kind, target, instructions });
  } catch (error) {
    if (!settings.prefilter) throw error;
    return loadProgram(bpf, layout, hook, index, { ...settings, prefilter: false });
  }
}
