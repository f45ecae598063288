// Whether bpf(2) lets this process trace, asked with the smallest things that need no BTF.

import { createAssembler } from "./assembler.ts";
import type { Libc } from "./libc.ts";
import { createRingBuffer } from "./map.ts";
import { tryLoading } from "./program.ts";

const NAME = "allowed";

/** @throws BpfSyscallError */
export function requireTracing(libc: Libc): void {
  createRingBuffer(libc, { name: NAME, sizeBytes: libc.pageBytes }).close();
  tryLoading(libc, NAME, createAssembler().mov("r0", 0).exit().assemble());
}
