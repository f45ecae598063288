// Tracing programs: load, the verifier's words on failure, attach, run-time figures.

import { type Attribute, callAllocating, callBpf, callName, objectName } from "./bpf-call.ts";
import type { BtfTarget } from "./btf.ts";
import {
  BPF_PROG_LOAD,
  BPF_PROG_TYPE_RAW_TRACEPOINT,
  BPF_PROG_TYPE_TRACING,
  BPF_RAW_TRACEPOINT_OPEN,
  BPF_TRACE_FENTRY,
  BPF_TRACE_FEXIT,
  BPF_TRACE_RAW_TP,
  ENOSPC,
} from "./constants.ts";
import { BpfSyscallError } from "./errors.ts";
import type { Libc, Pointer } from "./libc.ts";
import { type ProgramInfo, programInfo } from "./program-info.ts";

/** Where a program runs: at a tracepoint, or where a function starts or returns. */
export type HookKind = "tp_btf" | "fentry" | "fexit";

export interface ProgramOptions {
  /** At most 15 characters are kept. */
  readonly name: string;
  readonly kind: HookKind;
  /** From Btf.tracepoint for tp_btf, from Btf.func for the others. */
  readonly target: BtfTarget;
  /** What Assembler.assemble returned. */
  readonly instructions: Buffer;
  /** Helpers such as probe_read_kernel are for GPL-compatible programs only. "GPL" by default. */
  readonly license?: string;
}

/** An attached program; it runs until this is closed or the process ends, however it ends. */
export interface Link {
  readonly fd: number;
  close(): void;
}

/** A loaded program. It runs from `attach` on. */
export interface Program {
  readonly name: string;
  readonly fd: number;
  /**
   * bpf(BPF_RAW_TRACEPOINT_OPEN), which serves all three kinds of hook.
   * @throws BpfSyscallError
   */
  attach(): Link;
  /** Counts are 0 unless statistics are on, see Bpf.enableStatistics. */
  info(): ProgramInfo;
  /** Gives the program up; an open link keeps it running. */
  close(): void;
}

/** @throws BpfSyscallError, with the verifier's log when the program was refused */
export function loadProgram(libc: Libc, options: ProgramOptions): Program {
  const fd = loadWithReason(libc, options);
  let open = true;
  return {
    name: options.name,
    fd,
    attach: () => attach(libc, fd, options),
    info: () => programInfo(libc, fd),
    close: () => {
      if (open) libc.close(fd);
      open = false;
    },
  };
}

/**
 * Loads a program that asks nothing of BTF, and gives it up: for this type the kernel wants what it wants for tracing.
 * @param instructions of a program that does nothing
 * @throws BpfSyscallError
 */
export function tryLoading(libc: Libc, name: string, instructions: Buffer): void {
  const license = Buffer.from("GPL\0", "latin1");
  const attribute = loadAttribute(BPF_PROG_TYPE_RAW_TRACEPOINT, instructions, license);
  libc.close(callAllocating(libc, BPF_PROG_LOAD, attribute, `program ${name}`));
}

function attach(libc: Libc, fd: number, { name, kind, target }: ProgramOptions): Link {
  // name at 0 stays 0: the program knows its hook; prog_fd at 8
  const attribute = Buffer.alloc(16);
  attribute.writeUInt32LE(fd, 8);
  const what = `program ${name} at ${kind}/${target.name}`;
  const link = callBpf(libc, BPF_RAW_TRACEPOINT_OPEN, { bytes: attribute }, what);
  let open = true;
  return {
    fd: link,
    close: () => {
      if (open) libc.close(link);
      open = false;
    },
  };
}

const LOG_BYTES_FIRST = 1 << 20;
/** Kernels before 5.16 take no more than 16 MiB (bpf_verifier_log, UINT_MAX >> 8). */
const LOG_BYTES_MAX = (1 << 24) - 1;

/** The log costs time and memory, so it is asked for only once a program was refused. */
function loadWithReason(libc: Libc, options: ProgramOptions): number {
  const what = `program ${options.name} for ${options.kind}/${options.target.name}`;
  try {
    return load(libc, options, what);
  } catch (error) {
    if (!(error instanceof BpfSyscallError)) throw error;
    const second = loadWithLog(libc, options, what);
    if (second.fd !== undefined) return second.fd;
    throw new BpfSyscallError(callName(BPF_PROG_LOAD), {
      errno: error.errno,
      what,
      verifierLog: second.log,
      cause: error,
    });
  }
}

function loadWithLog(
  libc: Libc,
  options: ProgramOptions,
  what: string,
): { readonly fd?: number; readonly log: string } {
  let log = Buffer.alloc(LOG_BYTES_FIRST);
  for (;;) {
    try {
      return { fd: load(libc, options, what, log), log: "" };
    } catch (error) {
      const full = error instanceof BpfSyscallError && error.errno === ENOSPC;
      if (!full || log.length === LOG_BYTES_MAX) return { log: textOf(log) };
      log = Buffer.alloc(LOG_BYTES_MAX);
    }
  }
}

function textOf(log: Buffer): string {
  const end = log.indexOf(0);
  return log.toString("latin1", 0, end < 0 ? log.length : end).trimEnd();
}

const ATTACH_TYPES: Readonly<Record<HookKind, number>> = {
  tp_btf: BPF_TRACE_RAW_TP,
  fentry: BPF_TRACE_FENTRY,
  fexit: BPF_TRACE_FEXIT,
};

const INSTRUCTION_BYTES = 8;
/** Up to attach_btf_id; kernels take a longer attribute when the rest is 0, and a shorter one always. */
const LOAD_ATTRIBUTE_BYTES = 112;

function load(libc: Libc, options: ProgramOptions, what: string, log?: Buffer): number {
  const { instructions } = options;
  const license = Buffer.from(`${options.license ?? "GPL"}\0`, "latin1");
  const { bytes, pointers } = loadAttribute(BPF_PROG_TYPE_TRACING, instructions, license);
  if (log !== undefined) {
    bytes.writeUInt32LE(1, 24);
    bytes.writeUInt32LE(log.length, 28);
    pointers.push({ at: 32, bytes: log });
  }
  bytes.write(objectName(options.name), 48, "latin1");
  bytes.writeUInt32LE(ATTACH_TYPES[options.kind], 68);
  bytes.writeUInt32LE(options.target.typeId, 108);
  return callAllocating(libc, BPF_PROG_LOAD, { bytes, pointers }, what);
}

/** union bpf_attr of BPF_PROG_LOAD with what every type of program has. */
function loadAttribute(
  type: number,
  instructions: Buffer,
  license: Buffer,
): Attribute & { readonly pointers: Pointer[] } {
  const bytes = Buffer.alloc(LOAD_ATTRIBUTE_BYTES);
  bytes.writeUInt32LE(type, 0);
  bytes.writeUInt32LE(instructions.length / INSTRUCTION_BYTES, 4);
  const pointers = [
    { at: 8, bytes: instructions },
    { at: 16, bytes: license },
  ];
  return { bytes, pointers };
}
