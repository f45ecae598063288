// What the kernel says about a loaded program, and whether something is still loaded.

import { constants } from "node:os";
import { type Bpf, failureOf } from "./bpf.ts";
import { SyscallError } from "./errors.ts";
import { createHandle, type Handle } from "./handle.ts";

export interface ProgramInfo {
  /** Unique until the kernel restarts or four billion programs have been loaded. */
  readonly id: number;
  /** Nanoseconds in all runs, and how many; both 0 unless `enableStatistics` was on meanwhile. */
  readonly runTimeNs: bigint;
  readonly runCount: bigint;
}

/** struct bpf_prog_info by BPF_OBJ_GET_INFO_BY_FD. @throws SyscallError when the kernel refuses */
export function programInfo(bpf: Bpf, program: Pick<Handle, "fd">): ProgramInfo {
  const info = objectInfo(bpf, program.fd);
  return {
    id: info.readUInt32LE(4),
    runTimeNs: info.readBigUInt64LE(192),
    runCount: info.readBigUInt64LE(200),
  };
}

/** The id of a map: struct bpf_map_info by BPF_OBJ_GET_INFO_BY_FD. @throws SyscallError when the kernel refuses */
export function mapId(bpf: Bpf, map: Pick<Handle, "fd">): number {
  return objectInfo(bpf, map.fd).readUInt32LE(4);
}

/**
 * Whether the kernel still holds a program or map of this id, of whichever process.
 * @throws SyscallError EPERM without CAP_SYS_ADMIN
 */
export function isLoaded(bpf: Bpf, kind: "program" | "map", id: number): boolean {
  const command = kind === "program" ? "BPF_PROG_GET_FD_BY_ID" : "BPF_MAP_GET_FD_BY_ID";
  const result = bpf.attempt(command, bpf.attributes().u32(0, id));
  if (result === -constants.errno.ENOENT) return false;
  if (result < 0) throw new SyscallError(failureOf(command, `${kind} ${id}`, -result));
  bpf.closeFd(result);
  return true;
}

/**
 * Counts runs and their time for all programs of this machine, until the result is closed (Linux 5.8).
 * @throws SyscallError EPERM without CAP_SYS_ADMIN
 */
export function enableStatistics(bpf: Bpf): Handle {
  // Type 0 at offset 0: BPF_STATS_RUN_TIME.
  const fd = bpf.call("BPF_ENABLE_STATS", bpf.attributes(), "run times");
  return createHandle(bpf, fd, "run times");
}

/** Enough for the fields above; the kernel fills what fits. */
const INFO_BYTES = 224;

function objectInfo(bpf: Bpf, fd: number): Buffer {
  const info = Buffer.alloc(INFO_BYTES);
  const attributes = bpf.attributes().u32(0, fd).u32(4, INFO_BYTES).pointer(8, info);
  bpf.call("BPF_OBJ_GET_INFO_BY_FD", attributes, `descriptor ${fd}`);
  return info;
}
