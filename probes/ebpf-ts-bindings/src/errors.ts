// The errors of this package: each names what failed and what to do next.

import { constants } from "node:os";

/** What every error of this package is: a stable code, a sentence, and advice. */
export class EbpfError extends Error {
  readonly code: string;
  /** What the caller, or the user, can do about it. */
  readonly advice: string;

  constructor(code: string, message: string, options: { advice: string; cause?: unknown }) {
    super(`${message}; ${options.advice}`, { cause: options.cause });
    this.name = "EbpfError";
    this.code = code;
    this.advice = options.advice;
  }
}

/** A system call that failed, with its errno. */
export class BpfSyscallError extends EbpfError {
  /** As in the manual page, with the command of bpf(2): "bpf(BPF_PROG_LOAD)", "mmap". */
  readonly syscall: string;
  /** The number of errno.h, positive. */
  readonly errno: number;
  /** Its name: "EPERM". */
  readonly errnoName: string;
  /** What the verifier wrote about a program that it refused; empty for anything else. */
  readonly verifierLog: string;

  constructor(
    syscall: string,
    options: { errno: number; what: string; verifierLog?: string; cause?: unknown },
  ) {
    const { errno } = options;
    const name = errnoName(errno);
    const log = options.verifierLog ?? "";
    const reported = log === "" ? "" : ` (the verifier: ${lastLine(log)})`;
    super("bpf-syscall", `${syscall} of ${options.what} failed with ${name}${reported}`, {
      advice: adviceFor(syscall, name, log),
      cause: options.cause,
    });
    this.name = "BpfSyscallError";
    this.syscall = syscall;
    this.errno = errno;
    this.errnoName = name;
    this.verifierLog = log;
  }
}

/** BTF that cannot be read, or is not what the format promises. */
export class BtfError extends EbpfError {
  constructor(message: string, options: { advice?: string; cause?: unknown } = {}) {
    super("btf", message, { advice: DAMAGED, ...options });
    this.name = "BtfError";
  }
}

/** A program text that has no encoding: a label that is missing, a number that does not fit. */
export class AssemblerError extends EbpfError {
  constructor(message: string) {
    super("assembler", message, { advice: "correct the program that was assembled" });
    this.name = "AssemblerError";
  }
}

/** A system on which none of this can work, whoever runs it. */
export class UnsupportedSystemError extends EbpfError {
  constructor(message: string, options: { advice: string; cause?: unknown }) {
    super("unsupported-system", message, options);
    this.name = "UnsupportedSystemError";
  }
}

const NAMES = new Map(Object.entries(constants.errno).map(([name, number]) => [number, name]));

/** errno's name as in errno.h, "errno N" for a number that Node does not know. */
function errnoName(errno: number): string {
  return NAMES.get(errno) ?? `errno ${errno}`;
}

const DAMAGED = "the data are damaged or of a newer format than this reader knows";

const ADVICE: Readonly<Record<string, string>> = {
  EPERM:
    "run as root or with CAP_BPF and CAP_PERFMON; with them already there, ask probeFeatures what this kernel refuses",
  EACCES: "correct what the verifier names in its log",
  EINVAL: "check the arguments; an older kernel answers so to what it does not know",
  E2BIG: "make the program smaller, or use fewer features: the kernel is older than what was asked",
  ENOSPC: "make the buffer or the map smaller",
  ENOSYS: "use a kernel with CONFIG_BPF_SYSCALL=y",
  ENOMEM: "free memory, or ask for less",
  EMFILE: "close what is not used, or raise the limit of open files (ulimit -n)",
  ENOTSUPP: "use another hook: this kernel cannot attach there",
  EBUSY: "close what holds it, or use another hook",
  ENOENT: "name something that exists on the running kernel",
};

// 524 is ENOTSUPP, which is internal to the kernel but gets out of it; errno.h has no name for it.
const KERNEL_ONLY: Readonly<Record<string, string>> = { "errno 524": "ENOTSUPP" };

function adviceFor(syscall: string, name: string, log: string): string {
  if (log !== "" && name !== "EPERM") return "read verifierLog and correct the program";
  return (
    ADVICE[KERNEL_ONLY[name] ?? name] ?? `see what ${name} means in the manual page of ${syscall}`
  );
}

/** The line with the reason: the log ends with statistics, which hold none. */
function lastLine(log: string): string {
  const lines = log.trimEnd().split("\n");
  const reasons = lines.filter(
    (line) => !/^(processed \d+ insns|verification time|stack depth)/.test(line),
  );
  return reasons.at(-1) ?? "";
}
