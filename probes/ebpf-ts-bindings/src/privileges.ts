// What a process may do, by its folder in /proc: capabilities, user namespace, seccomp, and the kernel's lockdown.

import { readFile } from "node:fs/promises";

/** Numbers of linux/capability.h. CAP_PERFMON and CAP_BPF exist since 5.8; before, CAP_SYS_ADMIN stood for both. */
const CAPABILITIES = {
  CAP_SYS_ADMIN: 21,
  CAP_SYS_RESOURCE: 24,
  CAP_SYSLOG: 34,
  CAP_PERFMON: 38,
  CAP_BPF: 39,
} as const;

export type Capability = keyof typeof CAPABILITIES;
export type Lockdown = "none" | "integrity" | "confidentiality";

export interface Privileges {
  readonly capabilities: ReadonlySet<Capability>;
  /** Capabilities count only in the first user namespace: in any other one, bpf(2) sees none. */
  readonly firstUserNamespace: boolean;
  /** A filter of system calls is on this process, as in a container. */
  readonly seccompFilter: boolean;
  /** kernel_lockdown(7); null where the kernel does not show it. */
  readonly lockdown: Lockdown | null;
}

/** The texts are those of /proc/self/status, /proc/self/uid_map and /sys/kernel/security/lockdown. */
export interface PrivilegeTexts {
  readonly status: string;
  readonly uidMap: string;
  readonly lockdown: string;
}

/** @param pid this process when absent */
export async function readPrivileges(pid?: number): Promise<Privileges> {
  const folder = `/proc/${pid ?? "self"}`;
  const [status, uidMap, lockdown] = await Promise.all([
    textOf(`${folder}/status`),
    textOf(`${folder}/uid_map`),
    textOf("/sys/kernel/security/lockdown"),
  ]);
  return parsePrivileges({ status, uidMap, lockdown });
}

export function parsePrivileges({ status, uidMap, lockdown }: PrivilegeTexts): Privileges {
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0"}`);
  const names = CAPABILITY_NAMES.filter(
    (name) => ((effective >> BigInt(CAPABILITIES[name])) & 1n) === 1n,
  );
  return {
    capabilities: new Set(names),
    firstUserNamespace: /^\s*0\s+0\s+4294967295\s*$/.test(uidMap),
    seccompFilter: /^Seccomp:\s*2$/m.test(status),
    // The mode in force is the one in brackets: "none [integrity] confidentiality".
    lockdown: LOCKDOWNS.find((mode) => lockdown.includes(`[${mode}]`)) ?? null,
  };
}

/** What tracing programs need and is not there; CAP_SYS_ADMIN is enough by itself. */
export function missingCapabilities({ capabilities }: Privileges): readonly Capability[] {
  if (capabilities.has("CAP_SYS_ADMIN")) return [];
  return NEEDED.filter((name) => !capabilities.has(name));
}

const NEEDED = ["CAP_BPF", "CAP_PERFMON"] as const;
const CAPABILITY_NAMES = [
  "CAP_SYS_ADMIN",
  "CAP_SYS_RESOURCE",
  "CAP_SYSLOG",
  "CAP_PERFMON",
  "CAP_BPF",
] as const;
const LOCKDOWNS = ["none", "integrity", "confidentiality"] as const;

/** Empty for what is not there or must not be read. */
async function textOf(path: string): Promise<string> {
  return readFile(path, "latin1").catch(() => "");
}
