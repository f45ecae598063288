// Why something of eBPF cannot be done here: an error and the process's rights, made into one reason.

import { BpfSyscallError, BtfError, EbpfError, UnsupportedSystemError } from "./errors.ts";
import {
  type Capability,
  missingCapabilities,
  type Privileges,
  readPrivileges,
} from "./privileges.ts";

/**
 * `missing-capability`: the process lacks what `capabilities` names.
 * `user-namespace`: it has them, but only in a user namespace of its own.
 * `lockdown`: the kernel is locked down in a mode that forbids it.
 * `seccomp`: it has them, the kernel is not locked down, and a filter of system calls is on the process.
 * `refused`: it has every right that can be seen, and is refused all the same.
 * `no-btf`, `no-bpf`, `unsupported-system`, `not-in-kernel`: what the kernel or the system does not have.
 * `failed`: anything else, by its errno or message.
 */
export type ReasonKind =
  | "missing-capability"
  | "user-namespace"
  | "lockdown"
  | "seccomp"
  | "refused"
  | "no-btf"
  | "no-bpf"
  | "unsupported-system"
  | "not-in-kernel"
  | "failed";

export interface Reason {
  readonly kind: ReasonKind;
  /** What was tried and what came of it, with system call and errno. */
  readonly text: string;
  /** What would make it possible. */
  readonly advice: string;
  /** Those that are missing; empty unless the kind is `missing-capability`. */
  readonly capabilities: readonly Capability[];
}

/**
 * Why a process could not do something, from what was thrown and from what it may do.
 * Reads its folder in /proc, and /sys/kernel/security; nothing is tried.
 * @param pid the process that made the call; this one when absent
 */
export async function explainFailure(error: unknown, pid?: number): Promise<Reason> {
  return explain(error, await readPrivileges(pid));
}

/** @param error whatever was thrown by this package */
export function explain(error: unknown, privileges: Privileges): Reason {
  if (error instanceof BpfSyscallError) return explainSyscall(error, privileges);
  const kind = kindOf(error);
  const advice = error instanceof EbpfError ? error.advice : "see the error's message";
  return reason(kind, error instanceof Error ? error.message : String(error), advice);
}

function kindOf(error: unknown): ReasonKind {
  if (error instanceof UnsupportedSystemError) return "unsupported-system";
  if (error instanceof BtfError) return "no-btf";
  return error instanceof EbpfError && error.code === "no-target" ? "not-in-kernel" : "failed";
}

function explainSyscall(error: BpfSyscallError, privileges: Privileges): Reason {
  const reported = `${error.syscall} said ${error.errnoName}`;
  switch (error.errnoName) {
    case "EPERM":
      return explainRefusal(error, reported, privileges);
    case "ENOSYS":
      return reason("no-bpf", reported, error.advice);
    case "EINVAL":
      // Programs that read the kernel's memory are refused so (kernel_lockdown(7); kernel/trace/bpf_trace.c).
      if (privileges.lockdown === "confidentiality") return lockedDown(reported, "confidentiality");
      return reason("not-in-kernel", `${reported}: this kernel does not know it`, error.advice);
    case "errno 524":
      return reason("not-in-kernel", `${reported}: this kernel does not know it`, error.advice);
    default:
      return reason("failed", error.message, error.advice);
  }
}

function explainRefusal(error: BpfSyscallError, reported: string, privileges: Privileges): Reason {
  const missing = missingCapabilities(privileges);
  if (missing.length > 0) {
    const names = missing.join(" and ");
    return {
      ...reason(
        "missing-capability",
        `${reported}: this process lacks ${names}`,
        CAPABILITY_ADVICE,
      ),
      capabilities: missing,
    };
  }
  if (!privileges.firstUserNamespace) {
    const text = `${reported}: root in a user namespace is no root to bpf(2)`;
    return reason("user-namespace", text, "run it outside of the user namespace or container");
  }
  if (privileges.lockdown === "integrity" || privileges.lockdown === "confidentiality") {
    return lockedDown(`${reported} although the capabilities are there`, privileges.lockdown);
  }
  if (privileges.seccompFilter) {
    const text = `${reported} although the capabilities are there; a seccomp filter is on this process`;
    return reason("seccomp", text, "allow bpf(2) in the container's seccomp profile");
  }
  const text = `${reported} although the capabilities are there${unsaid(error, privileges)}`;
  return reason("refused", text, "do without it: the kernel or a security module forbids it");
}

function lockedDown(reported: string, mode: "integrity" | "confidentiality"): Reason {
  const text = `${reported}; the kernel is locked down (${mode})`;
  return reason("lockdown", text, "boot without lockdown= and Secure Boot, or do without it");
}

function unsaid(error: BpfSyscallError, { lockdown }: Privileges): string {
  const log = error.verifierLog === "" ? ", without a word from the verifier" : "";
  const locked = lockdown === null ? ", and whether it is locked down cannot be read" : "";
  return `${log}${locked}`;
}

const CAPABILITY_ADVICE =
  "run as root, or give the program cap_bpf,cap_perfmon (kernels before 5.8: cap_sys_admin)";

function reason(kind: ReasonKind, text: string, advice: string): Reason {
  return { kind, text, advice, capabilities: [] };
}
