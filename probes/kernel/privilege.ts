// The privilege to watch kernel events: checked with one map and one program, which are closed at once.

import { createAssembler, EbpfError } from "ebpf-ts-bindings";
import type { Privilege } from "../../src/schema/events/guest.ts";
import { explainOwnFailure, openOwnBpf } from "../privileged/open.ts";
import { DROP_TRACEPOINT } from "./hooks.ts";
import { kernelTypes } from "./kernel-types.ts";

const NAME = "kernel-events";
export const OFF = "switched off by --no-ebpf";

/** @param ebpf false: it is not tried */
export async function probeKernelEvents(ebpf: boolean): Promise<Omit<Privilege, "kind">> {
  if (!ebpf) return { rung: NAME, available: false, reason: OFF, enable: null };
  try {
    await tryPrograms();
    return { rung: NAME, available: true, reason: null, enable: null };
  } catch (error) {
    const { kind, text } = await explainOwnFailure(error);
    const enable = kind === "missing-capability" ? "run it with sudo" : null;
    return { rung: NAME, available: false, reason: text, enable };
  }
}

/** @throws EbpfError with what is missing */
async function tryPrograms(): Promise<void> {
  const bpf = await openOwnBpf();
  const { drop: target } = kernelTypes(bpf);
  if (target === undefined) {
    const what = `the kernel's BTF has no tracepoint ${DROP_TRACEPOINT}`;
    throw new EbpfError("no-target", what, { advice: "use a kernel with CONFIG_BPF_EVENTS=y" });
  }
  const instructions = createAssembler().mov("r0", 0).exit().assemble();
  bpf.loadProgram({ name: "wt_privilege", kind: "tp_btf", target, instructions }).close();
}
