// Maps: memory that a program and this process share. Arrays, per-CPU arrays and counters, ring buffers.

import { readFileSync } from "node:fs";
import type { Bpf } from "./bpf.ts";
import { ArgumentError, UnsupportedError } from "./errors.ts";
import { createHandle, type Handle } from "./handle.ts";

export interface ArrayOptions {
  /** Seen in bpftool; the kernel keeps 15 characters. */
  readonly name: string;
  readonly valueBytes: number;
  readonly entries: number;
}

/** Values by index, all there from the start and zero. */
export interface ArrayMap extends Handle {
  /** A copy of one value, `valueBytes` long. @throws SyscallError with ENOENT past the end */
  read(index: number): Buffer;
  /** @throws ArgumentError for another length than `valueBytes`, SyscallError past the end (E2BIG) */
  write(index: number, value: Uint8Array): void;
  /** No more writes from this process (BPF_MAP_FREEZE); with `readOnly` the verifier then knows the values. */
  freeze(): void;
}

/** Values by index and CPU, so that programs on several CPUs do not write to the same memory. */
export interface PerCpuArrayMap extends Handle {
  /** Copies of one value, one for each possible CPU. @throws SyscallError with ENOENT past the end */
  read(index: number): readonly Buffer[];
}

/** Numbers that programs count up, by index. */
export interface Counter extends Handle {
  /** The sum over all CPUs. */
  read(index?: number): bigint;
}

/** Where programs put records; `openRing` takes them out. */
export interface RingBufferMap extends Handle {
  readonly name: string;
  readonly sizeBytes: number;
}

/**
 * BPF_MAP_TYPE_ARRAY.
 * @param options `readOnly`: programs may not write (BPF_F_RDONLY_PROG)
 * @throws SyscallError EPERM without CAP_BPF, EINVAL for sizes of zero, E2BIG or ENOMEM for too much
 */
export function createArray(
  bpf: Bpf,
  options: ArrayOptions & { readonly readOnly?: boolean },
): ArrayMap {
  const flags = options.readOnly === true ? RDONLY_PROG : 0;
  const { handle, subject } = createMap(bpf, { ...options, type: TYPE.array, flags });
  const element = elementAccess(bpf, handle, subject, options.valueBytes);
  return {
    get fd() {
      return handle.fd;
    },
    close: handle.close,
    read: element.read,
    write: (index, value) => {
      if (value.length !== options.valueBytes) {
        throw new ArgumentError(
          `${subject} has values of ${options.valueBytes} bytes, and got ${value.length}`,
        );
      }
      element.write(index, value);
    },
    freeze: () => {
      bpf.call("BPF_MAP_FREEZE", bpf.attributes().u32(0, handle.fd), subject);
    },
  };
}

/**
 * BPF_MAP_TYPE_PERCPU_ARRAY.
 * @throws SyscallError as `createArray`, UnsupportedError when the number of CPUs cannot be read
 */
export function createPerCpuArray(bpf: Bpf, options: ArrayOptions): PerCpuArrayMap {
  // Before the map: the kernel writes as many values as there are CPUs, whatever room there is.
  const cpus = possibleCpus();
  const { handle, subject } = createMap(bpf, { ...options, type: TYPE.perCpuArray, flags: 0 });
  // The kernel rounds each CPU's value up to 8 bytes (bpf_percpu_array_copy).
  const stride = Math.ceil(options.valueBytes / 8) * 8;
  const element = elementAccess(bpf, handle, subject, stride * cpus.room);
  return {
    get fd() {
      return handle.fd;
    },
    close: handle.close,
    read: (index) => {
      const all = element.read(index);
      return Array.from({ length: cpus.count }, (_, cpu) =>
        all.subarray(cpu * stride, cpu * stride + options.valueBytes),
      );
    },
  };
}

/** A per-CPU array of u64 that `emitCount` counts up. @throws as `createPerCpuArray` */
export function createCounter(
  bpf: Bpf,
  { name, entries = 1 }: { readonly name: string; readonly entries?: number },
): Counter {
  const map = createPerCpuArray(bpf, { name, entries, valueBytes: 8 });
  return {
    get fd() {
      return map.fd;
    },
    close: map.close,
    read: (index = 0) => map.read(index).reduce((sum, cpu) => sum + cpu.readBigUInt64LE(0), 0n),
  };
}

/**
 * BPF_MAP_TYPE_RINGBUF, Linux 5.8.
 * @param options `sizeBytes`: a power of two and a multiple of the page size
 * @throws ArgumentError for another size, SyscallError EPERM without CAP_BPF, EINVAL on older kernels
 */
export function createRingBuffer(
  bpf: Bpf,
  { name, sizeBytes }: { readonly name: string; readonly sizeBytes: number },
): RingBufferMap {
  const page = bpf.libc.pageBytes();
  const isPowerOfTwo = sizeBytes > 0 && Number.isInteger(Math.log2(sizeBytes));
  if (!isPowerOfTwo || sizeBytes < page) {
    throw new ArgumentError(
      `a ring buffer has ${sizeBytes} bytes: take a power of two of at least ${page}`,
    );
  }
  const { handle } = createMap(bpf, {
    name,
    type: TYPE.ringBuffer,
    valueBytes: 0,
    entries: sizeBytes,
    flags: 0,
  });
  return {
    get fd() {
      return handle.fd;
    },
    close: handle.close,
    name,
    sizeBytes,
  };
}

/** enum bpf_map_type and map flags in linux/bpf.h. */
const TYPE = { array: 2, perCpuArray: 6, ringBuffer: 27 } as const;
const RDONLY_PROG = 1 << 7;
const INDEX_BYTES = 4;

interface MapOptions extends ArrayOptions {
  readonly type: number;
  readonly flags: number;
}

function createMap(bpf: Bpf, { name, type, valueBytes, entries, flags }: MapOptions) {
  const subject = `map "${name}"`;
  const attributes = bpf
    .attributes()
    .u32(0, type)
    .u32(4, type === TYPE.ringBuffer ? 0 : INDEX_BYTES)
    .u32(8, valueBytes)
    .u32(12, entries)
    .u32(16, flags)
    .name(28, name);
  const fd = bpf.call("BPF_MAP_CREATE", attributes, subject);
  return { handle: createHandle(bpf, fd, subject), subject };
}

/** One key and one value for all accesses of a map; `bytes` is what the kernel copies. */
function elementAccess(bpf: Bpf, handle: Handle, subject: string, bytes: number) {
  const key = Buffer.alloc(INDEX_BYTES);
  const value = Buffer.alloc(bytes);
  const attributes = bpf.attributes().pointer(8, key).pointer(16, value);
  const access = (command: "BPF_MAP_LOOKUP_ELEM" | "BPF_MAP_UPDATE_ELEM", index: number) => {
    key.writeUInt32LE(index, 0);
    bpf.call(command, attributes.u32(0, handle.fd), `entry ${index} of ${subject}`);
  };
  return {
    read: (index: number): Buffer => {
      access("BPF_MAP_LOOKUP_ELEM", index);
      return Buffer.from(value);
    },
    write: (index: number, from: Uint8Array): void => {
      value.set(from);
      access("BPF_MAP_UPDATE_ELEM", index);
    },
  };
}

const POSSIBLE_CPUS = "/sys/devices/system/cpu/possible";

/** CPUs that may ever appear: how many values the kernel writes, and room that is never too little. */
function possibleCpus(): { readonly count: number; readonly room: number } {
  try {
    return parseCpuList(readFileSync(POSSIBLE_CPUS, "latin1"));
  } catch (error) {
    throw new UnsupportedError("a per-CPU array", { requires: POSSIBLE_CPUS, cause: error });
  }
}

/** A list such as "0-3,8" (cpumap_print_to_pagebuf). @throws ArgumentError for anything else */
export function parseCpuList(text: string): { readonly count: number; readonly room: number } {
  let count = 0;
  let room = 0;
  for (const part of text.trim().split(",")) {
    const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? [];
    const size = Number(last) - Number(first) + 1;
    if (!(size > 0)) throw new ArgumentError(`"${part}" is no range of CPUs`);
    count += size;
    room = Math.max(room, Number(last) + 1);
  }
  return { count, room };
}
