// The package's front: what needs the kernel, bound to one libc.

import { type Libc, loadLibc } from "./libc.ts";
import {
  type ArrayMap,
  type ArrayOptions,
  createArray,
  createHash,
  createPerCpuArray,
  createRingBuffer,
  type HashMap,
  type HashOptions,
  type PerCpuArrayMap,
  type RingBufferMap,
} from "./map.ts";
import { requireTracing } from "./permission.ts";
import { loadProgram, type Program, type ProgramOptions } from "./program.ts";
import { enableStatistics, listPrograms, type ProgramInfo } from "./program-info.ts";
import { type ConsumerOptions, consumeRing, type RingConsumer } from "./ring-consumer.ts";

/** Every method throws BpfSyscallError for what the kernel refuses. */
export interface Bpf {
  /**
   * Makes a ring buffer of one page and a program that does nothing, and gives them up: what is refused here, as to an
   * ordinary user, is refused before BTF is read for it. Hooks may be refused all the same, each for itself.
   */
  requireTracing(): void;
  createArray(options: ArrayOptions): ArrayMap;
  createPerCpuArray(options: ArrayOptions): PerCpuArrayMap;
  createHash(options: HashOptions): HashMap;
  /** @param options.sizeBytes a power of two and at least `pageBytes` */
  createRingBuffer(options: { readonly name: string; readonly sizeBytes: number }): RingBufferMap;
  loadProgram(options: ProgramOptions): Program;
  /** Starts to read a ring buffer; one consumer for each. */
  consume(ring: RingBufferMap, options: ConsumerOptions): RingConsumer;
  /** Every loaded program of the system; needs CAP_SYS_ADMIN. */
  listPrograms(): readonly ProgramInfo[];
  /** Run-time figures of all programs until closed; needs CAP_SYS_ADMIN. */
  enableStatistics(): { close(): void };
  readonly pageBytes: number;
}

/**
 * Nothing is asked of the kernel yet, so no privilege is needed.
 * @param libc the process's own when absent; a process without the privilege hands in calls that another one makes for it
 * @throws UnsupportedSystemError off Linux, and where koffi has no binary
 */
export async function openBpf(libc?: Libc): Promise<Bpf> {
  return bindBpf(libc ?? (await loadLibc()));
}

function bindBpf(libc: Libc): Bpf {
  return {
    requireTracing: () => requireTracing(libc),
    createArray: (options) => createArray(libc, options),
    createPerCpuArray: (options) => createPerCpuArray(libc, options),
    createHash: (options) => createHash(libc, options),
    createRingBuffer: (options) => createRingBuffer(libc, options),
    loadProgram: (options) => loadProgram(libc, options),
    consume: (ring, options) => consumeRing(libc, ring, options),
    listPrograms: () => listPrograms(libc),
    enableStatistics: () => enableStatistics(libc),
    pageBytes: libc.pageBytes,
  };
}
