// bpf(2): attributes by offset, one call, and its failure as a typed error that says what to do next.

import { constants } from "node:os";
import { type Attributes, createAttributes } from "./attributes.ts";
import { SyscallError, type SyscallFailure } from "./errors.ts";
import { hintFor } from "./hints.ts";
import { type Libc, loadLibc } from "./libc.ts";

/** enum bpf_cmd in linux/bpf.h. */
export const COMMANDS = {
  BPF_MAP_CREATE: 0,
  BPF_MAP_LOOKUP_ELEM: 1,
  BPF_MAP_UPDATE_ELEM: 2,
  BPF_PROG_LOAD: 5,
  BPF_PROG_GET_FD_BY_ID: 13,
  BPF_MAP_GET_FD_BY_ID: 14,
  BPF_OBJ_GET_INFO_BY_FD: 15,
  BPF_RAW_TRACEPOINT_OPEN: 17,
  BPF_MAP_FREEZE: 22,
  BPF_ENABLE_STATS: 32,
} as const;
export type Command = keyof typeof COMMANDS;

/** The entry to everything else: the system call, and the C library behind it. */
export interface Bpf {
  readonly libc: Libc;
  /** Empty attributes to fill for one command. */
  attributes(): Attributes;
  /**
   * One command. The result is what the kernel returns: a new descriptor for commands that make one, else 0.
   * @param subject what it is for, in the words of the error message
   * @throws SyscallError when the kernel refuses
   */
  call(command: Command, attributes: Attributes, subject: string): number;
  /** The same, but failure is the errno below zero, for those who ask in order to learn. */
  attempt(command: Command, attributes: Attributes): number;
  closeFd(fd: number): void;
}

/**
 * Opens nothing in the kernel yet; loads koffi.
 * @throws UnsupportedError where koffi has no binary, or on a CPU other than x86-64 and arm64
 */
export async function openBpf(): Promise<Bpf> {
  return createBpf(await loadLibc());
}

/** The same over a C library that is handed in, for tests. */
export function createBpf(libc: Libc): Bpf {
  // Between reading an address and the end of the call only this variable holds the buffers.
  let inFlight: Attributes | undefined;
  const once = (command: Command, attributes: Attributes): number => {
    inFlight = attributes;
    const result = libc.bpf(COMMANDS[command], inFlight.bytes);
    const errno = result < 0 ? libc.errno() : 0;
    inFlight = undefined;
    return result < 0 ? -errno : result;
  };
  let mayLift = true;
  const attempt = (command: Command, attributes: Attributes): number => {
    const result = once(command, attributes);
    // Before Linux 5.11 memory of maps and programs counts as locked memory, and EPERM may mean that.
    const charged = command === "BPF_MAP_CREATE" || command === "BPF_PROG_LOAD";
    if (result !== -constants.errno.EPERM || !charged || !mayLift) return result;
    mayLift = false;
    return libc.liftMemoryLock() ? once(command, attributes) : result;
  };
  return {
    libc,
    attributes: () => createAttributes(libc),
    attempt,
    call: (command, attributes, subject) => {
      const result = attempt(command, attributes);
      if (result < 0) throw new SyscallError(failureOf(command, subject, -result));
      return result;
    },
    closeFd: (fd) => {
      libc.close(fd);
    },
  };
}

/** The failure in words. */
export function failureOf(command: Command, subject: string, errno: number): SyscallFailure {
  return { syscall: `bpf(${command})`, subject, errno, hint: hintFor(errno) };
}
