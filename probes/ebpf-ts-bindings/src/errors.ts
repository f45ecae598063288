// Every error of this package: a class to catch, a stable code, and a sentence that says what to do next.

import { constants } from "node:os";

/** The root of all errors here. `code` never changes once published. */
export class EbpfError extends Error {
  // Written out in each class: a bundler may rename the classes themselves.
  override readonly name: string = "EbpfError";
  readonly code: string;

  constructor(code: string, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
  }
}

/** What is known about a system call that failed. */
export interface SyscallFailure {
  /** As in `bpf(BPF_MAP_CREATE)`. */
  readonly syscall: string;
  /** What it was for, as in `map "events"`. */
  readonly subject: string;
  readonly errno: number;
  /** What to do next. */
  readonly hint: string;
}

/** A system call said no. `code` is "syscall-failed". */
export class SyscallError extends EbpfError {
  override readonly name: string = "SyscallError";
  readonly syscall: string;
  readonly errno: number;
  /** The name in errno.h, or "errno N" where Node has none. */
  readonly errnoName: string;
  readonly hint: string;

  constructor(
    failure: SyscallFailure,
    options: { readonly code?: string; readonly log?: string } = {},
  ) {
    const name = errnoName(failure.errno);
    const log = options.log === undefined || options.log === "" ? "" : `\n${options.log}`;
    super(
      options.code ?? "syscall-failed",
      `${failure.syscall} for ${failure.subject} failed with ${name}: ${failure.hint}${log}`,
    );
    this.syscall = failure.syscall;
    this.errno = failure.errno;
    this.errnoName = name;
    this.hint = failure.hint;
  }
}

/** The kernel refused a program. `code` is "program-refused"; the message ends with the log's last lines. */
export class VerifierError extends SyscallError {
  override readonly name: string = "VerifierError";
  /** Everything that the verifier wrote; "" when the kernel refused before it ran. */
  readonly log: string;

  constructor(failure: SyscallFailure, log: string) {
    super(failure, { code: "program-refused", log: lastLines(log) });
    this.log = log;
  }
}

/** BTF data that is cut short, damaged, or of another kind. `code` is "btf-invalid". */
export class BtfError extends EbpfError {
  override readonly name: string = "BtfError";
  constructor(message: string, options: { readonly cause?: unknown } = {}) {
    super("btf-invalid", message, options);
  }
}

/** A program that cannot be encoded, or an argument out of range. `code` is "invalid-argument". */
export class ArgumentError extends EbpfError {
  override readonly name: string = "ArgumentError";
  constructor(message: string) {
    super("invalid-argument", message);
  }
}

/** This machine or kernel lacks something. `code` is "unsupported"; `requires` names it. */
export class UnsupportedError extends EbpfError {
  override readonly name: string = "UnsupportedError";
  readonly requires: string;

  constructor(
    subject: string,
    { requires, cause }: { readonly requires: string; readonly cause?: unknown },
  ) {
    super("unsupported", `${subject} needs ${requires}`, { cause });
    this.requires = requires;
  }
}

/** The name of an errno as in errno.h. */
export function errnoName(errno: number): string {
  return NAMES.get(errno) ?? `errno ${errno}`;
}

/** linux/errno.h, of the kernel alone, but bpf(2) lets it out: a trampoline on an architecture without. */
export const ENOTSUPP = 524;

const NAMES = new Map<number, string>([
  ...Object.entries(constants.errno).map(([name, number]): [number, string] => [number, name]),
  [ENOTSUPP, "ENOTSUPP"],
]);

const LOG_LINES_IN_MESSAGE = 8;

function lastLines(log: string): string {
  return log.trimEnd().split("\n").slice(-LOG_LINES_IN_MESSAGE).join("\n");
}
