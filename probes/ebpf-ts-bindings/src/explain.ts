// Turns a refusal of the kernel into its cause: a capability that is missing, a lock, or something that is not there.

import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { type Capability, readCapabilities } from "./capabilities.ts";
import { EbpfError, SyscallError } from "./errors.ts";

/** Reads a small file of /proc or /sys; null when it is not there or not readable. */
export type ReadText = (path: string) => string | null;

/** Why something is not available. */
export interface Why {
  /** "refused": the kernel says no whoever asks; "needs-another": it, or something it builds on, is not there. */
  readonly cause: "missing-capability" | "refused" | "needs-another";
  /** One sentence for people. */
  readonly reason: string;
  /** Capabilities to add; empty unless that is the cause. */
  readonly missing: readonly Capability[];
}

/** @param needs the capabilities that what was tried asks for. @throws whatever is no error of this package */
export type Explain = (error: unknown, needs: readonly Capability[]) => Why;

export function createExplainer(readText: ReadText): Explain {
  return (error, needs) => {
    if (error instanceof SyscallError) {
      const permission = error.errno === constants.errno.EPERM;
      return permission
        ? whyNotPermitted(error, needs, readText)
        : because("refused", error.message);
    }
    if (error instanceof EbpfError) return because("needs-another", error.message);
    throw error;
  };
}

/** The default `ReadText`. */
export function readSmallFile(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

const LOCKDOWN = "/sys/kernel/security/lockdown";

function because(cause: Why["cause"], reason: string, missing: readonly Capability[] = []): Why {
  return { cause, reason, missing };
}

function whyNotPermitted(
  { syscall }: SyscallError,
  needs: readonly Capability[],
  readText: ReadText,
): Why {
  const { missing, inUserNamespace } = readCapabilities({
    status: readText("/proc/self/status"),
    uidMap: readText("/proc/self/uid_map"),
  });
  const lacking = needs.filter((name) => missing === null || missing.includes(name));
  if (lacking.length > 0) {
    const names = lacking.join(" and ");
    const way = inUserNamespace
      ? "run as root outside of any user namespace"
      : `run as root, or give the process ${names}`;
    const reason = `${syscall} needs ${names}: ${way}`;
    return because("missing-capability", reason, lacking);
  }
  const [, mode] = /\[(\w+)\]/.exec(readText(LOCKDOWN) ?? "") ?? [];
  const lock = mode === undefined ? "" : `; its lockdown mode is "${mode}"`;
  const reason = `this kernel refuses ${syscall} with EPERM to a process that has ${needs.join(" and ")}${lock}`;
  return because("refused", reason);
}
