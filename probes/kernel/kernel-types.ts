// What programs must know of the running kernel's types: read once in a process, and only where bpf(2) lets us use it.

import { type Bpf, type Btf, BtfError, type BtfTarget, readKernelBtf } from "ebpf-ts-bindings";
import { REASON_ENUM, type ReasonNames, readReasonNames } from "./drop-reasons.ts";
import { DROP_TRACEPOINT, findHooks, HOOK_NAMES, type Hook } from "./hooks.ts";
import { type KernelLayout, LAYOUT_NAMES, readLayout } from "./layout.ts";

/** Plain data: the BTF itself, 5 MB, is not kept. */
export interface KernelTypes {
  /** Or why these programs do not fit this kernel. */
  readonly layout: KernelLayout | BtfError;
  readonly reasons: ReasonNames;
  /** Those that this kernel has. */
  readonly hooks: readonly Hook[];
  /** The tracepoint of drops; undefined in a kernel without it. */
  readonly drop: BtfTarget | undefined;
}

/** All that is looked up in BTF below, so that one pass finds it. */
export const KERNEL_NAMES = {
  names: [...LAYOUT_NAMES, ...HOOK_NAMES.names, REASON_ENUM],
  tracepoints: HOOK_NAMES.tracepoints,
};

let known: KernelTypes | undefined;

/** @throws EbpfError: what bpf(2) refuses, and BtfError where the kernel has no BTF */
export function kernelTypes(bpf: Bpf): KernelTypes {
  if (known === undefined) {
    bpf.requireTracing();
    known = findTypes(readKernelBtf(KERNEL_NAMES));
  }
  return known;
}

export function findTypes(btf: Btf): KernelTypes {
  return {
    layout: layoutOrError(btf),
    reasons: readReasonNames(btf),
    hooks: findHooks(btf),
    drop: btf.tracepoint(DROP_TRACEPOINT),
  };
}

function layoutOrError(btf: Btf): KernelLayout | BtfError {
  try {
    return readLayout(btf);
  } catch (error) {
    if (error instanceof BtfError) return error;
    throw error;
  }
}
