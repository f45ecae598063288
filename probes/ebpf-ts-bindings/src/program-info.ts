// What the kernel reports about loaded programs: struct bpf_prog_info of linux/bpf.h.

import { callBpf } from "./bpf-call.ts";
import {
  BPF_ENABLE_STATS,
  BPF_OBJ_GET_INFO_BY_FD,
  BPF_PROG_GET_FD_BY_ID,
  BPF_PROG_GET_NEXT_ID,
  ENOENT,
} from "./constants.ts";
import { BpfSyscallError } from "./errors.ts";
import type { Libc } from "./libc.ts";

export interface ProgramInfo {
  readonly id: number;
  /** At most 15 characters. */
  readonly name: string;
  /** Size of the machine code in bytes, 0 without the compiler of the kernel. */
  readonly jitedBytes: number;
  /** Nanoseconds in the program, and how often it ran, since statistics are on. */
  readonly runTimeNs: bigint;
  readonly runCount: bigint;
}

const INFO_BYTES = 208;
const NAME_AT = 64;
const NAME_BYTES = 16;

/** @throws BpfSyscallError */
export function programInfo(libc: Libc, fd: number): ProgramInfo {
  const info = Buffer.alloc(INFO_BYTES);
  const attribute = Buffer.alloc(16);
  attribute.writeUInt32LE(fd, 0);
  attribute.writeUInt32LE(INFO_BYTES, 4);
  const pointers = [{ at: 8, bytes: info }];
  callBpf(libc, BPF_OBJ_GET_INFO_BY_FD, { bytes: attribute, pointers }, "a program");
  const name = info.subarray(NAME_AT, NAME_AT + NAME_BYTES);
  return {
    id: info.readUInt32LE(4),
    name: name.toString("latin1").replace(/\0.*$/s, ""),
    jitedBytes: info.readUInt32LE(16),
    runTimeNs: info.readBigUInt64LE(192),
    runCount: info.readBigUInt64LE(200),
  };
}

/**
 * Every program that is loaded on this system, whoever's.
 * @throws BpfSyscallError: EPERM without CAP_SYS_ADMIN
 */
export function listPrograms(libc: Libc): readonly ProgramInfo[] {
  const found: ProgramInfo[] = [];
  for (let id = nextId(libc, 0); id !== undefined; id = nextId(libc, id)) {
    const info = infoById(libc, id);
    if (info !== undefined) found.push(info);
  }
  return found;
}

function nextId(libc: Libc, after: number): number | undefined {
  // start_id at 0, the answer at 4
  const attribute = Buffer.alloc(12);
  attribute.writeUInt32LE(after, 0);
  const done = unlessMissing(() =>
    callBpf(libc, BPF_PROG_GET_NEXT_ID, { bytes: attribute }, "programs"),
  );
  return done === undefined ? undefined : attribute.readUInt32LE(4);
}

/** undefined for a program that is gone by now. */
function infoById(libc: Libc, id: number): ProgramInfo | undefined {
  const attribute = Buffer.alloc(12);
  attribute.writeUInt32LE(id, 0);
  const fd = unlessMissing(() =>
    callBpf(libc, BPF_PROG_GET_FD_BY_ID, { bytes: attribute }, `program ${id}`),
  );
  if (fd === undefined) return undefined;
  try {
    return programInfo(libc, fd);
  } finally {
    libc.close(fd);
  }
}

function unlessMissing<T>(attempt: () => T): T | undefined {
  try {
    return attempt();
  } catch (error) {
    if (error instanceof BpfSyscallError && error.errno === ENOENT) return undefined;
    throw error;
  }
}

/**
 * Makes the kernel count run times of all programs (BPF_STATS_RUN_TIME) until this is closed; since 5.8.
 * @throws BpfSyscallError: EPERM without CAP_SYS_ADMIN
 */
export function enableStatistics(libc: Libc): { close(): void } {
  const fd = callBpf(libc, BPF_ENABLE_STATS, { bytes: Buffer.alloc(4) }, "run-time statistics");
  let open = true;
  return {
    close: () => {
      if (open) libc.close(fd);
      open = false;
    },
  };
}
