// The rung of the ladder that stands for kernel events: tried with one map and one program, which are gone at once.

import {
  createAssembler,
  EbpfError,
  explainFailure,
  openBpf,
  readKernelBtf,
} from "ebpf-ts-bindings";
import type { Rung } from "../../src/model/events/guest.ts";

const RUNG = "kernel-events";
const OFF = "switched off by --no-ebpf";

/** @param ebpf false: it is not tried */
export async function kernelEventsRung(ebpf: boolean): Promise<Omit<Rung, "kind">> {
  if (!ebpf) return { rung: RUNG, available: false, reason: OFF, enable: null };
  try {
    await tryPrograms();
    return { rung: RUNG, available: true, reason: null, enable: null };
  } catch (error) {
    const { kind, text } = await explainFailure(error);
    const enable = kind === "missing-capability" ? "run it with sudo" : null;
    return { rung: RUNG, available: false, reason: text, enable };
  }
}

/** @throws EbpfError with what is missing */
async function tryPrograms(): Promise<void> {
  const bpf = await openBpf();
  bpf.createRingBuffer({ name: "wt_rung", sizeBytes: bpf.pageBytes }).close();
  const target = readKernelBtf().tracepoint("kfree_skb");
  if (target === undefined) {
    const advice = "use a kernel with CONFIG_BPF_EVENTS=y";
    throw new EbpfError("no-target", "the kernel's BTF has no tracepoint kfree_skb", { advice });
  }
  const instructions = createAssembler().mov("r0", 0).exit().assemble();
  bpf.loadProgram({ name: "wt_rung", kind: "tp_btf", target, instructions }).close();
}
