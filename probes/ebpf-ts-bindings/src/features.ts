// What of eBPF is possible here, found by trying it, and exactly why the rest is not.

import { createAssembler } from "./assembler.ts";
import { type Btf, type BtfTarget, readKernelBtf } from "./btf.ts";
import { BtfError, EbpfError } from "./errors.ts";
import { type Libc, loadLibc } from "./libc.ts";
import { createArray, createPerCpuArray, createRingBuffer } from "./map.ts";
import { readPrivileges } from "./privileges.ts";
import { type HookKind, loadProgram } from "./program.ts";
import { explain, type Reason } from "./reasons.ts";

/**
 * `maps` array maps, `per-cpu-maps`, `ring-buffer` (5.8), `btf` the kernel's types, `tp_btf` programs at tracepoints,
 * `read-kernel` helper probe_read_kernel in them, `fentry` and `fexit` programs at functions.
 */
export type FeatureName =
  | "maps"
  | "per-cpu-maps"
  | "ring-buffer"
  | "btf"
  | "tp_btf"
  | "read-kernel"
  | "fentry"
  | "fexit";

export type Feature =
  | { readonly name: FeatureName; readonly available: true }
  | { readonly name: FeatureName; readonly available: false; readonly reason: Reason };

/**
 * Tries each feature with the smallest map or program that needs it; all of them are gone afterwards.
 * Never throws: what goes wrong is a feature's reason.
 */
export async function probeFeatures(): Promise<readonly Feature[]> {
  const privileges = await readPrivileges();
  let libc: Libc;
  try {
    libc = await loadLibc();
  } catch (error) {
    return FEATURES.map((name) => absent(name, explain(error, privileges)));
  }
  const tried: Feature[] = [];
  let btf: Btf | undefined;
  for (const name of FEATURES) {
    try {
      if (name === "btf") btf = readKernelBtf(TEST_TARGETS);
      else ATTEMPTS[name](libc, btf);
      tried.push({ name, available: true });
    } catch (error) {
      tried.push(absent(name, explain(error, privileges)));
    }
  }
  return tried;
}

const FEATURES: readonly FeatureName[] = [
  "maps",
  "per-cpu-maps",
  "ring-buffer",
  "btf",
  "tp_btf",
  "read-kernel",
  "fentry",
  "fexit",
];

function absent(name: FeatureName, reason: Reason): Feature {
  return { name, available: false, reason };
}

/** The first is there for the kernel's own tests of these hooks (net/bpf/test_run.c). */
const TEST_FUNCTIONS = ["bpf_fentry_test1", "vfs_read", "ksys_read"];
/** Tracepoints that every kernel with networking, or any at all, has. */
const TEST_TRACEPOINTS = ["kfree_skb", "sched_process_exit"];
const TEST_TARGETS = { names: TEST_FUNCTIONS, tracepoints: TEST_TRACEPOINTS };
const NAME = "feature_probe";

type Attempt = (libc: Libc, btf: Btf | undefined) => void;
const SHAPE = { name: NAME, valueBytes: 8, entries: 1 };

const ATTEMPTS: Readonly<Record<Exclude<FeatureName, "btf">, Attempt>> = {
  maps: (libc) => createArray(libc, SHAPE).close(),
  "per-cpu-maps": (libc) => createPerCpuArray(libc, SHAPE).close(),
  "ring-buffer": (libc) => {
    createRingBuffer(libc, { name: NAME, sizeBytes: libc.pageBytes }).close();
  },
  tp_btf: (libc, btf) => {
    attach(libc, "tp_btf", targetOf(btf, TEST_TRACEPOINTS, "tracepoint"), doNothing());
  },
  "read-kernel": (libc, btf) => {
    attach(libc, "tp_btf", targetOf(btf, TEST_TRACEPOINTS, "tracepoint"), readKernel());
  },
  fentry: (libc, btf) => attach(libc, "fentry", targetOf(btf, TEST_FUNCTIONS, "func"), doNothing()),
  fexit: (libc, btf) => attach(libc, "fexit", targetOf(btf, TEST_FUNCTIONS, "func"), doNothing()),
};

function targetOf(
  btf: Btf | undefined,
  names: readonly string[],
  kind: "tracepoint" | "func",
): BtfTarget {
  if (btf === undefined) throw new BtfError("there is no BTF", { advice: NO_BTF_ADVICE });
  for (const name of names) {
    const target = btf[kind](name);
    if (target !== undefined) return target;
  }
  throw new EbpfError("no-target", `the kernel's BTF has none of ${names.join(", ")}`, {
    advice: "use a kernel with CONFIG_BPF_EVENTS=y",
  });
}

const NO_BTF_ADVICE = "use a kernel built with CONFIG_DEBUG_INFO_BTF=y";

function attach(libc: Libc, kind: HookKind, target: BtfTarget, instructions: Buffer): void {
  const program = loadProgram(libc, { name: NAME, kind, target, instructions });
  try {
    program.attach().close();
  } finally {
    program.close();
  }
}

function doNothing(): Buffer {
  return createAssembler().mov("r0", 0).exit().assemble();
}

/** Reads 8 bytes of what the tracepoint's first argument points to. */
function readKernel(): Buffer {
  return createAssembler()
    .load("u64", "r3", "r1", 0)
    .mov("r1", "r10")
    .alu("add", "r1", -8)
    .mov("r2", 8)
    .call("probe_read_kernel")
    .mov("r0", 0)
    .exit()
    .assemble();
}
