// bpf(2) with its errors typed, and the second try that kernels before 5.11 may need.

import {
  BPF_ENABLE_STATS,
  BPF_MAP_CREATE,
  BPF_MAP_DELETE_ELEM,
  BPF_MAP_FREEZE,
  BPF_MAP_LOOKUP_ELEM,
  BPF_MAP_UPDATE_ELEM,
  BPF_OBJ_GET_INFO_BY_FD,
  BPF_PROG_GET_FD_BY_ID,
  BPF_PROG_GET_NEXT_ID,
  BPF_PROG_LOAD,
  BPF_RAW_TRACEPOINT_OPEN,
  EPERM,
  OBJECT_NAME_BYTES,
} from "./constants.ts";
import { BpfSyscallError } from "./errors.ts";
import type { Libc, Pointer } from "./libc.ts";

const COMMAND_NAMES = new Map([
  [BPF_MAP_CREATE, "BPF_MAP_CREATE"],
  [BPF_MAP_LOOKUP_ELEM, "BPF_MAP_LOOKUP_ELEM"],
  [BPF_MAP_UPDATE_ELEM, "BPF_MAP_UPDATE_ELEM"],
  [BPF_MAP_DELETE_ELEM, "BPF_MAP_DELETE_ELEM"],
  [BPF_PROG_LOAD, "BPF_PROG_LOAD"],
  [BPF_PROG_GET_NEXT_ID, "BPF_PROG_GET_NEXT_ID"],
  [BPF_PROG_GET_FD_BY_ID, "BPF_PROG_GET_FD_BY_ID"],
  [BPF_OBJ_GET_INFO_BY_FD, "BPF_OBJ_GET_INFO_BY_FD"],
  [BPF_RAW_TRACEPOINT_OPEN, "BPF_RAW_TRACEPOINT_OPEN"],
  [BPF_MAP_FREEZE, "BPF_MAP_FREEZE"],
  [BPF_ENABLE_STATS, "BPF_ENABLE_STATS"],
]);

/** "bpf(BPF_PROG_LOAD)": how errors name a command. */
export function callName(command: number): string {
  return `bpf(${COMMAND_NAMES.get(command) ?? command})`;
}

/** union bpf_attr of one command, and the buffers that it points to. */
export interface Attribute {
  readonly bytes: Buffer;
  readonly pointers?: readonly Pointer[];
}

/**
 * One bpf(2) call.
 * @param what names the object for the error's message
 * @returns what the kernel returned, a file descriptor for most commands
 * @throws BpfSyscallError with the kernel's errno
 */
export function callBpf(
  libc: Libc,
  command: number,
  { bytes, pointers }: Attribute,
  what: string,
): number {
  const result = libc.bpf(command, bytes, pointers);
  if (result < 0)
    throw new BpfSyscallError(callName(command), {
      errno: libc.errno(),
      what,
    });
  return result;
}

/**
 * As callBpf, for commands that allocate. Kernels before 5.11 charge BPF memory to RLIMIT_MEMLOCK and
 * answer EPERM when it is used up, so the limit is raised once (best effort) and the call made again.
 */
export function callAllocating(
  libc: Libc,
  command: number,
  attribute: Attribute,
  what: string,
): number {
  const first = libc.bpf(command, attribute.bytes, attribute.pointers);
  if (first >= 0) return first;
  if (libc.errno() === EPERM) {
    libc.raiseMemlock();
    return callBpf(libc, command, attribute, what);
  }
  throw new BpfSyscallError(callName(command), {
    errno: libc.errno(),
    what,
  });
}

/** A name as the kernel takes it: at most 15 of A-Z a-z 0-9 _ and dot (bpf_obj_name_cpy in kernel/bpf/syscall.c). */
export function objectName(name: string): string {
  return name.replace(/[^\w.]/g, "_").slice(0, OBJECT_NAME_BYTES - 1);
}
