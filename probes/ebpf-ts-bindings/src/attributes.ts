// union bpf_attr, filled by offset (linux/bpf.h), together with the buffers that its pointers name.

import type { Libc } from "./libc.ts";

/** Attributes of one command; offsets in bytes. Every method returns the attributes. */
export interface Attributes {
  readonly bytes: Buffer;
  u32(offset: number, value: number): Attributes;
  /** Stores the buffer's address, and keeps the buffer for as long as these attributes live. */
  pointer(offset: number, target: Buffer): Attributes;
  /** A name of at most 15 characters; what the kernel does not take becomes "_". */
  name(offset: number, value: string): Attributes;
}

/** Every command takes this much when the rest is zero (seen on Linux 5.10 to 6.18). */
const ATTRIBUTES_BYTES = 128;
/** BPF_OBJ_NAME_LEN in linux/bpf.h, less the closing zero. */
const NAME_MAX = 15;

/** Zeroed attributes. */
export function createAttributes(libc: Pick<Libc, "addressOf">): Attributes {
  const bytes = Buffer.alloc(ATTRIBUTES_BYTES);
  const held: Buffer[] = [];
  const attributes: Attributes = {
    bytes,
    u32: (offset, value) => {
      bytes.writeUInt32LE(value, offset);
      return attributes;
    },
    pointer: (offset, target) => {
      held.push(target);
      bytes.writeBigUInt64LE(libc.addressOf(target), offset);
      return attributes;
    },
    name: (offset, value) => {
      bytes.write(value.replace(/\W/g, "_").slice(0, NAME_MAX), offset, "latin1");
      return attributes;
    },
  };
  return attributes;
}
