// Finds out what of eBPF works here by trying it, and says why the rest does not.

import { createAssembler, HELPERS } from "./assembler.ts";
import type { Bpf } from "./bpf.ts";
import { type Btf, readKernelBtf } from "./btf.ts";
import type { Capability } from "./capabilities.ts";
import {
  createExplainer,
  type Explain,
  type ReadText,
  readSmallFile,
  type Why,
} from "./explain.ts";
import { createArray, createRingBuffer } from "./maps.ts";
import {
  attachProgram,
  functionTarget,
  loadProgram,
  type Target,
  tracepointTarget,
} from "./program.ts";

/** Something that was tried. Plain data. */
export type Feature = { readonly available: true } | ({ readonly available: false } & Why);

export interface Features {
  /** The kernel shows its BTF, and it makes sense. */
  readonly btf: Feature;
  readonly maps: Feature;
  readonly ringBuffer: Feature;
  /** tp_btf programs load and attach. */
  readonly tracing: Feature;
  /** Programs may read kernel memory through a helper; lockdown=confidentiality forbids it. */
  readonly kernelReads: Feature;
  /** fentry and fexit programs load and attach. */
  readonly trampolines: Feature;
}

/** Where facts come from; what is left out is this machine. */
export interface FeatureSources {
  readonly readBtf?: () => Btf;
  readonly readText?: ReadText;
}

/**
 * Tries everything once, with programs that do nothing where hardly anything ever happens, and removes it again.
 * Never throws because something is absent.
 */
export function probeFeatures(bpf: Bpf, sources: FeatureSources = {}): Features {
  const { readBtf = readKernelBtf, readText = readSmallFile } = sources;
  const explain = createExplainer(readText);
  const tryIt = (needs: readonly Capability[], use: () => void) => attempt(explain, needs, use);
  const types: Btf[] = [];
  const btf = tryIt([], () => {
    types.push(readBtf());
  });
  const tryProgram = (targetIn: (btf: Btf) => Target, code: Buffer): Feature => {
    const [known] = types;
    if (known === undefined) return NEEDS_BTF;
    return tryIt(TRACING_NEEDS, () => runOnce(bpf, targetIn(known), code));
  };
  return {
    btf,
    maps: tryIt(["CAP_BPF"], () =>
      createArray(bpf, { name: "feature", valueBytes: 8, entries: 1 }).close(),
    ),
    ringBuffer: tryIt(["CAP_BPF"], () =>
      createRingBuffer(bpf, { name: "feature", sizeBytes: bpf.libc.pageBytes() }).close(),
    ),
    tracing: tryProgram((known) => tracepointTarget(known, QUIET_TRACEPOINT), doNothing()),
    kernelReads: tryProgram((known) => tracepointTarget(known, QUIET_TRACEPOINT), readMemory()),
    trampolines: tryProgram((known) => functionTarget(known, "fentry", TEST_FUNCTION), doNothing()),
  };
}

/**
 * Whether one tracepoint or function takes a program, by loading, attaching and removing one that does nothing: a
 * kernel that takes some may refuse others.
 */
export function probeTarget(
  bpf: Bpf,
  target: Target,
  { readText = readSmallFile }: Pick<FeatureSources, "readText"> = {},
): Feature {
  const explain = createExplainer(readText);
  return attempt(explain, TRACING_NEEDS, () => runOnce(bpf, target, doNothing()));
}

const TRACING_NEEDS: readonly Capability[] = ["CAP_BPF", "CAP_PERFMON"];

/** Runs when somebody writes to /proc/PID/oom_score_adj; in every kernel (include/trace/events/oom.h). */
const QUIET_TRACEPOINT = "oom_score_adj_update";
/** Made for programs to be attached to, and called only by tests of the kernel (net/bpf/test_run.c, Linux 5.5). */
const TEST_FUNCTION = "bpf_fentry_test1";

const NEEDS_BTF: Feature = {
  available: false,
  cause: "needs-another",
  reason: "not tried, since such programs are described by BTF, which is not available",
  missing: [],
};

function attempt(explain: Explain, needs: readonly Capability[], use: () => void): Feature {
  try {
    use();
    return { available: true };
  } catch (error) {
    return { available: false, ...explain(error, needs) };
  }
}

function runOnce(bpf: Bpf, target: Target, instructions: Buffer): void {
  const program = loadProgram(bpf, { name: "feature", target, instructions });
  try {
    // Some kernels load it and refuse only here (arm64 before Linux 6.0).
    attachProgram(bpf, program).close();
  } finally {
    program.close();
  }
}

function doNothing(): Buffer {
  return createAssembler().mov("r0", 0).exit().assemble();
}

/** Eight bytes from address 0, which fails as it runs; whether it may be loaded is the question. */
function readMemory(): Buffer {
  return createAssembler()
    .mov("r1", "r10")
    .alu("add", "r1", -8)
    .mov("r2", 8)
    .mov("r3", 0)
    .call(HELPERS.probeReadKernel)
    .mov("r0", 0)
    .exit()
    .assemble();
}
