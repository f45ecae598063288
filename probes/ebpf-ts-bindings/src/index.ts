// The package's table of contents.

export { type Assembler, createAssembler, type Helper, type MapReference } from "./assembler.ts";
export { type Bpf, openBpf } from "./bpf.ts";
export {
  type Btf,
  type BtfNames,
  type BtfTarget,
  type Enumerator,
  KERNEL_BTF_PATH,
  type KernelBtfOptions,
  type Parameter,
  parseBtf,
  readKernelBtf,
} from "./btf.ts";
export type { Field } from "./btf-fields.ts";
export {
  AssemblerError,
  BpfSyscallError,
  BtfError,
  EbpfError,
  UnsupportedSystemError,
} from "./errors.ts";
export { type Feature, type FeatureName, probeFeatures } from "./features.ts";
export type { AluOperation, Condition, Operand, Register, Width } from "./instructions.ts";
export { type Libc, loadLibc, type Pointer } from "./libc.ts";
export type {
  ArrayMap,
  ArrayOptions,
  BpfMap,
  HashMap,
  HashOptions,
  PerCpuArrayMap,
  RingBufferMap,
} from "./map.ts";
export type { Capability } from "./privileges.ts";
export type { HookKind, Link, Program, ProgramOptions } from "./program.ts";
export type { ProgramInfo } from "./program-info.ts";
export { explainFailure, type Reason, type ReasonKind } from "./reasons.ts";
export type { ConsumerOptions, RingConsumer } from "./ring-consumer.ts";
