// What every source of kernel events is given, and what it gives.

import type { KernelWatching, ProbeContext } from "../../src/probe.ts";
import type { KernelDrop, KernelSource, KernelWatch } from "../../src/schema/events/kernel.ts";
import type { Libc } from "../native/libc.ts";
import type { System } from "../system.ts";

export interface KernelDeps {
  readonly libc: Libc;
  readonly system: System;
  /** The upper 16 bits of this run's cookies. */
  readonly session: number;
  /** Whether probes are known by their marks as well. */
  readonly marked: boolean;
  /** False: --no-ebpf was given. */
  readonly ebpf: boolean;
  /** Drops in other network namespaces are reported too. */
  readonly allNetns: boolean;
  /** The clock's reading when the run began. */
  readonly runStartMs: number;
  /** Whether a mark is that of a packet of this run: others of this process have their own. */
  isOwnMark(mark: number): boolean;
  /** Other runs of this process send at the same time. */
  readonly isShared: boolean;
}

/** What sources say that cannot tell one run's packets from another's. */
export const SHARED = "other targets are traced at the same time, and what it counts is nobody's";

export type StepDown = KernelWatch["stepsDown"][number];

/** A source that is on, or why it cannot be. */
export type Attached =
  | { readonly kind: "watching"; readonly watching: KernelWatching }
  | { readonly kind: "unavailable"; readonly reason: string };

export interface Source {
  readonly source: KernelSource;
  /** @param fallbacks what was tried before it */
  attach(
    deps: KernelDeps,
    context: ProbeContext,
    fallbacks: readonly StepDown[],
  ): Promise<Attached>;
}

/** Drops that a recording keeps: more of the same show nothing new. */
const LISTED_MAX = 1000;

/** Emits drops up to that number, and counts the rest. */
export function createLister({ emit }: ProbeContext): {
  add(drop: KernelDrop): void;
  unlisted(): number;
} {
  let listed = 0;
  let unlisted = 0;
  return {
    add: (drop) => {
      if (listed === LISTED_MAX) unlisted += 1;
      else {
        listed += 1;
        emit(drop);
      }
    },
    unlisted: () => unlisted,
  };
}
