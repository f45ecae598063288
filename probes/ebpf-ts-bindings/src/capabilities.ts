// Which capabilities a process has, as far as eBPF counts them (capabilities(7), user_namespaces(7)).

/** Linux 5.8 made these two out of CAP_SYS_ADMIN, which still stands for both. */
export type Capability = "CAP_BPF" | "CAP_PERFMON";

export interface Capabilities {
  /** Null when it is not known. */
  readonly missing: readonly Capability[] | null;
  /** A user namespace of one's own gives capabilities that eBPF does not count. */
  readonly inUserNamespace: boolean;
}

/** Bits in linux/capability.h. */
const BITS: Readonly<Record<Capability, bigint>> = { CAP_PERFMON: 38n, CAP_BPF: 39n };
const CAP_SYS_ADMIN = 21n;
const NAMES: readonly Capability[] = ["CAP_BPF", "CAP_PERFMON"];

/** @param files the texts of /proc/self/status and /proc/self/uid_map, null where unreadable */
export function readCapabilities(files: {
  readonly status: string | null;
  readonly uidMap: string | null;
}): Capabilities {
  const inUserNamespace = files.uidMap !== null && !MAPS_ALL_TO_ITSELF.test(files.uidMap);
  const [, mask] = /^CapEff:\s*([0-9a-f]+)$/m.exec(files.status ?? "") ?? [];
  if (mask === undefined) return { missing: null, inUserNamespace };
  const has = (bit: bigint) => ((BigInt(`0x${mask}`) >> bit) & 1n) === 1n;
  const counts = (name: Capability) => !inUserNamespace && (has(BITS[name]) || has(CAP_SYS_ADMIN));
  return { missing: NAMES.filter((name) => !counts(name)), inUserNamespace };
}

/** What only the first user namespace has. */
const MAPS_ALL_TO_ITSELF = /^\s*0\s+0\s+4294967295\s*$/;
