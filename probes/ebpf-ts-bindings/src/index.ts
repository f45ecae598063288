// Everything that may be imported from this package.

export {
  type Assembler,
  type Comparison,
  createAssembler,
  HELPERS,
  type MapReference,
  type Operand,
  type Operation,
  type Register,
  type Width,
} from "./assembler.ts";
export { type Bpf, openBpf } from "./bpf.ts";
export {
  type Btf,
  type EnumValue,
  KERNEL_BTF,
  readBtf,
  readKernelBtf,
  type Tracepoint,
} from "./btf.ts";
export type { Member } from "./btf-members.ts";
export type { Parameter } from "./btf-types.ts";
export type { Capability } from "./capabilities.ts";
export {
  ArgumentError,
  BtfError,
  EbpfError,
  SyscallError,
  UnsupportedError,
  VerifierError,
} from "./errors.ts";
export type { ReadText, Why } from "./explain.ts";
export {
  type Feature,
  type FeatureSources,
  type Features,
  probeFeatures,
  probeTarget,
} from "./features.ts";
export type { Handle } from "./handle.ts";
export { enableStatistics, isLoaded, mapId, type ProgramInfo, programInfo } from "./info.ts";
export {
  type ArrayMap,
  type ArrayOptions,
  type Counter,
  createArray,
  createCounter,
  createPerCpuArray,
  createRingBuffer,
  type PerCpuArrayMap,
  type RingBufferMap,
} from "./maps.ts";
export {
  attachProgram,
  functionTarget,
  loadProgram,
  type Program,
  type ProgramOptions,
  type Target,
  tracepointTarget,
} from "./program.ts";
export { openRing, type Ring, type RingOptions } from "./ring.ts";
export { emitCount, emitReserve, emitSubmit } from "./snippets.ts";
