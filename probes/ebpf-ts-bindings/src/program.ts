// Loads tracing programs, tells why the verifier refused, and attaches them.

import { constants } from "node:os";
import type { Attributes } from "./attributes.ts";
import { type Bpf, failureOf } from "./bpf.ts";
import type { Btf } from "./btf.ts";
import type { Parameter } from "./btf-types.ts";
import { ArgumentError, UnsupportedError, VerifierError } from "./errors.ts";
import { createHandle, type Handle } from "./handle.ts";

/** What a program hangs on. `parameters` are its arguments: number n is the u64 at byte 8n of r1's context. */
export interface Target {
  readonly kind: "tp_btf" | "fentry" | "fexit";
  readonly name: string;
  readonly typeId: number;
  readonly parameters: readonly Parameter[];
}

export interface ProgramOptions {
  /** Seen in bpftool; the kernel keeps 15 characters. */
  readonly name: string;
  readonly target: Target;
  /** What `assemble()` gives: 8 bytes an instruction. */
  readonly instructions: Buffer;
}

/** A program in the kernel. It runs while it is attached; close() after attaching leaves it running. */
export interface Program extends Handle {
  readonly name: string;
  readonly target: Target;
}

/**
 * A tracepoint by its name in BTF, without its group: "kfree_skb", not "skb:kfree_skb".
 * @throws UnsupportedError when this kernel has none of that name
 */
export function tracepointTarget(btf: Btf, name: string): Target {
  const found = btf.tracepoint(name);
  if (found !== null) return { kind: "tp_btf", name, ...found };
  throw new UnsupportedError(`the hook ${name}`, { requires: "a kernel with this tracepoint" });
}

/**
 * The entry or the exit of a kernel function; at the exit the result follows the parameters.
 * @throws UnsupportedError when this kernel's BTF has no such function: inlined, or part of a module
 */
export function functionTarget(btf: Btf, kind: "fentry" | "fexit", name: string): Target {
  const typeId = btf.functionId(name);
  const parameters = typeId === null ? null : btf.parameters(typeId);
  if (typeId !== null && parameters !== null) return { kind, name, typeId, parameters };
  throw new UnsupportedError(`the hook ${name}`, {
    requires: "a kernel with this function outside of modules, not inlined",
  });
}

/**
 * BPF_PROG_LOAD with the licence "GPL", which most helpers ask for. Asks for the verifier's log only after a refusal.
 * @throws VerifierError with the whole log; ArgumentError for code that is not made of instructions
 */
export function loadProgram(bpf: Bpf, { name, target, instructions }: ProgramOptions): Program {
  if (instructions.length === 0 || instructions.length % INSTRUCTION_BYTES !== 0) {
    throw new ArgumentError(`the program "${name}" has ${instructions.length} bytes of code`);
  }
  const filled = () =>
    bpf
      .attributes()
      .u32(0, TYPE_TRACING)
      .u32(4, instructions.length / INSTRUCTION_BYTES)
      .pointer(8, instructions)
      .pointer(16, LICENSE)
      .name(48, name)
      .u32(68, ATTACH_TYPES[target.kind])
      .u32(108, target.typeId);
  const subject = `program "${name}" on ${target.kind} ${target.name}`;
  const silent = bpf.attempt("BPF_PROG_LOAD", filled());
  const result = silent < 0 ? loadWithLog(bpf, filled(), -silent, subject) : silent;
  const handle = createHandle(bpf, result, subject);
  return {
    get fd() {
      return handle.fd;
    },
    close: handle.close,
    name,
    target,
  };
}

/**
 * Lets the program run (BPF_RAW_TRACEPOINT_OPEN, for tracepoints and functions alike). Closing the result detaches
 * it, and so does the end of the process, whatever ends it.
 * @throws SyscallError when the kernel refuses
 */
export function attachProgram(bpf: Bpf, program: Program): Handle {
  const subject = `program "${program.name}" at ${program.target.kind} ${program.target.name}`;
  // The name at offset 0 stays null: the program itself knows where it belongs.
  const attributes = bpf.attributes().u32(8, program.fd);
  return createHandle(bpf, bpf.call("BPF_RAW_TRACEPOINT_OPEN", attributes, subject), subject);
}

/** Mostly to fail once more, this time with words; a refusal for want of memory may be over by then. */
function loadWithLog(bpf: Bpf, filled: Attributes, first: number, subject: string): number {
  const log = Buffer.alloc(LOG_BYTES);
  const logged = filled.u32(24, LOG_LEVEL).u32(28, LOG_BYTES).pointer(32, log);
  const result = bpf.attempt("BPF_PROG_LOAD", logged);
  if (result >= 0) return result;
  // ENOSPC would only say that the log is longer than its buffer (before Linux 6.4).
  const errno = result === -constants.errno.ENOSPC ? first : -result;
  throw new VerifierError(failureOf("BPF_PROG_LOAD", subject, errno), textOf(log));
}

/** BPF_PROG_TYPE_TRACING and enum bpf_attach_type in linux/bpf.h. */
const TYPE_TRACING = 26;
const ATTACH_TYPES = { tp_btf: 23, fentry: 24, fexit: 25 } as const;
const INSTRUCTION_BYTES = 8;
/** For the life of this process: its address goes into every load. */
const LICENSE = Buffer.from("GPL\0", "latin1");
const LOG_LEVEL = 1;
/** Some hundred thousand instructions' worth; the kernel takes up to 1 GiB. */
const LOG_BYTES = 1 << 20;

function textOf(log: Buffer): string {
  const end = log.indexOf(0);
  return log.toString("utf8", 0, end < 0 ? log.length : end);
}
