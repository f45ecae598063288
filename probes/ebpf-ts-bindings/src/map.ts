// Maps: memory that programs and this process share, by bpf(2).

import { readFileSync } from "node:fs";
import { type Attribute, callAllocating, callBpf, objectName } from "./bpf-call.ts";
import {
  BPF_MAP_CREATE,
  BPF_MAP_DELETE_ELEM,
  BPF_MAP_LOOKUP_ELEM,
  BPF_MAP_TYPE_ARRAY,
  BPF_MAP_TYPE_HASH,
  BPF_MAP_TYPE_LRU_HASH,
  BPF_MAP_TYPE_PERCPU_ARRAY,
  BPF_MAP_TYPE_RINGBUF,
  BPF_MAP_UPDATE_ELEM,
  ENOENT,
} from "./constants.ts";
import { BpfSyscallError, EbpfError } from "./errors.ts";
import type { Libc } from "./libc.ts";

/** What every map has. The kernel frees it when its descriptor and all programs with it are closed. */
export interface BpfMap {
  readonly name: string;
  readonly fd: number;
  close(): void;
}

/** `entries` values of `valueBytes` bytes, all zero at first (BPF_MAP_TYPE_ARRAY). */
export interface ArrayMap extends BpfMap {
  /** A copy of one value. */
  get(index: number): Buffer;
  /** @param value exactly valueBytes bytes */
  set(index: number, value: Buffer): void;
}

/** An array of which every possible processor has its own (BPF_MAP_TYPE_PERCPU_ARRAY): counts without locks. */
export interface PerCpuArrayMap extends BpfMap {
  /** One copy for each possible processor, in order. */
  get(index: number): readonly Buffer[];
  /** The first u64 of a value, over all processors. */
  sum(index: number): bigint;
}

/** Values by key (BPF_MAP_TYPE_HASH). */
export interface HashMap extends BpfMap {
  /** A copy, or undefined where there is no such key. */
  get(key: Buffer): Buffer | undefined;
  /** Adds or replaces. */
  set(key: Buffer, value: Buffer): void;
  /** False when there was no such key. */
  delete(key: Buffer): boolean;
}

/** Records from programs to one consumer (BPF_MAP_TYPE_RINGBUF, since 5.8). */
export interface RingBufferMap extends BpfMap {
  readonly sizeBytes: number;
}

export interface ArrayOptions {
  readonly name: string;
  /** At least 8 in a per-CPU array. */
  readonly valueBytes: number;
  readonly entries: number;
}

export interface HashOptions extends ArrayOptions {
  readonly keyBytes: number;
  /** When it is full, what was used least recently gives way (BPF_MAP_TYPE_LRU_HASH); else adding fails. */
  readonly evicts?: boolean;
}

const INDEX_BYTES = 4;

/** @throws BpfSyscallError */
export function createArray(libc: Libc, options: ArrayOptions): ArrayMap {
  const map = createMap(libc, BPF_MAP_TYPE_ARRAY, { ...options, keyBytes: INDEX_BYTES });
  return {
    ...map.common,
    get: (index) => map.mustGet(indexKey(index), options.valueBytes),
    set: (index, value) => map.update(indexKey(index), value, options.valueBytes),
  };
}

/** @throws BpfSyscallError */
export function createPerCpuArray(libc: Libc, options: ArrayOptions): PerCpuArrayMap {
  const map = createMap(libc, BPF_MAP_TYPE_PERCPU_ARRAY, { ...options, keyBytes: INDEX_BYTES });
  // The kernel rounds each processor's value up to 8 bytes.
  const stride = Math.ceil(options.valueBytes / 8) * 8;
  const cpus = possibleCpus();
  const get = (index: number): Buffer[] => {
    const all = map.mustGet(indexKey(index), stride * cpus);
    return Array.from({ length: cpus }, (_, i) =>
      all.subarray(i * stride, i * stride + options.valueBytes),
    );
  };
  return {
    ...map.common,
    get,
    sum: (index) => get(index).reduce((sum, value) => sum + value.readBigUInt64LE(0), 0n),
  };
}

/** @throws BpfSyscallError */
export function createHash(libc: Libc, options: HashOptions): HashMap {
  const type = options.evicts === true ? BPF_MAP_TYPE_LRU_HASH : BPF_MAP_TYPE_HASH;
  const map = createMap(libc, type, options);
  const checkKey = (key: Buffer) => checkSize("a key", key, options.keyBytes, options.name);
  return {
    ...map.common,
    get: (key) => map.get(checkKey(key), options.valueBytes),
    set: (key, value) => map.update(checkKey(key), value, options.valueBytes),
    delete: (key) => map.delete(checkKey(key)),
  };
}

/**
 * @param options.sizeBytes a power of two, and whole pages (the kernel answers EINVAL to anything else)
 * @throws BpfSyscallError
 */
export function createRingBuffer(
  libc: Libc,
  options: { readonly name: string; readonly sizeBytes: number },
): RingBufferMap {
  const { name, sizeBytes } = options;
  const shape = { name, keyBytes: 0, valueBytes: 0, entries: sizeBytes };
  return { ...createMap(libc, BPF_MAP_TYPE_RINGBUF, shape).common, sizeBytes };
}

/** Ids of processors that may ever come, "0-3" or "0,2-5": per-CPU maps have room for each up to the last. */
export function parseCpuList(text: string): number {
  const last = /(\d+)\s*$/.exec(text)?.[1];
  return last === undefined ? 1 : Number(last) + 1;
}

function possibleCpus(): number {
  return parseCpuList(readFileSync("/sys/devices/system/cpu/possible", "latin1"));
}

function indexKey(index: number): Buffer {
  const key = Buffer.alloc(INDEX_BYTES);
  key.writeUInt32LE(index);
  return key;
}

function checkSize(what: string, bytes: Buffer, expected: number, map: string): Buffer {
  if (bytes.length === expected) return bytes;
  // The kernel reads as much as the map's sizes are: a shorter buffer would hand it foreign memory.
  throw new EbpfError("map-size", `${what} of ${bytes.length} bytes for map ${map}`, {
    advice: `give exactly ${expected} bytes`,
  });
}

interface RawMap {
  readonly common: BpfMap;
  get(key: Buffer, valueBytes: number): Buffer | undefined;
  mustGet(key: Buffer, valueBytes: number): Buffer;
  update(key: Buffer, value: Buffer, valueBytes: number): void;
  delete(key: Buffer): boolean;
}

function createMap(libc: Libc, type: number, options: HashOptions): RawMap {
  const what = `map ${options.name}`;
  const fd = callAllocating(libc, BPF_MAP_CREATE, createAttribute(type, options), what);
  let open = true;
  const lookup = (key: Buffer, valueBytes: number): Buffer => {
    const value = Buffer.alloc(valueBytes);
    callBpf(libc, BPF_MAP_LOOKUP_ELEM, elementAttribute(fd, key, value), what);
    return value;
  };
  return {
    common: {
      name: options.name,
      fd,
      close: () => {
        if (open) libc.close(fd);
        open = false;
      },
    },
    mustGet: lookup,
    get: (key, valueBytes) => orIfMissing(() => lookup(key, valueBytes), undefined),
    update: (key, value, valueBytes) => {
      checkSize("a value", value, valueBytes, options.name);
      callBpf(libc, BPF_MAP_UPDATE_ELEM, elementAttribute(fd, key, value), what);
    },
    delete: (key) =>
      orIfMissing(() => {
        callBpf(libc, BPF_MAP_DELETE_ELEM, elementAttribute(fd, key), what);
        return true;
      }, false),
  };
}

function orIfMissing<T>(attempt: () => T, missing: T): T {
  try {
    return attempt();
  } catch (error) {
    if (error instanceof BpfSyscallError && error.errno === ENOENT) return missing;
    throw error;
  }
}

/** union bpf_attr of BPF_MAP_CREATE: type, key, value and number of entries as u32; the name at 28. */
function createAttribute(type: number, options: HashOptions): Attribute {
  const attribute = Buffer.alloc(44);
  attribute.writeUInt32LE(type, 0);
  attribute.writeUInt32LE(options.keyBytes, 4);
  attribute.writeUInt32LE(options.valueBytes, 8);
  attribute.writeUInt32LE(options.entries, 12);
  attribute.write(objectName(options.name), 28, "latin1");
  return { bytes: attribute };
}

/** union bpf_attr of BPF_MAP_*_ELEM: fd at 0, addresses of key and value at 8 and 16, flags at 24. */
function elementAttribute(fd: number, key: Buffer, value?: Buffer): Attribute {
  const bytes = Buffer.alloc(32);
  bytes.writeUInt32LE(fd, 0);
  const pointers = [{ at: 8, bytes: key }];
  return {
    bytes,
    pointers: value === undefined ? pointers : [...pointers, { at: 16, bytes: value }],
  };
}
