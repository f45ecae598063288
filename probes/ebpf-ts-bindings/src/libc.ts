// The one place that calls into libc, through koffi; a wrong address or size here is a crash, not an exception.

import type koffiType from "koffi";
import {
  BPF_SYSCALL_NUMBERS,
  EAGAIN,
  EFD_CLOEXEC,
  EFD_NONBLOCK,
  MAP_SHARED,
  RLIMIT_MEMLOCK,
} from "./constants.ts";
import { UnsupportedSystemError } from "./errors.ts";

/** Memory that the kernel shares with this process. `bytes` must not be touched after munmap. */
export interface Mapping {
  readonly address: bigint;
  readonly bytes: ArrayBuffer;
}

/** A buffer that an attribute of bpf(2) points to, and where in the attribute its address stands. */
export interface Pointer {
  readonly at: number;
  readonly bytes: Buffer;
}

/** The calls that eBPF needs. Each returns what libc returns; `errno` belongs to the last one that was not async. */
export interface Libc {
  /** bpf(2). Writes the addresses of `pointers` into `attribute`, and holds their buffers until the call is over. */
  bpf(command: number, attribute: Buffer, pointers?: readonly Pointer[]): number;
  /** mmap(2) with MAP_SHARED; undefined when it failed. */
  mmap(sizeBytes: number, protection: number, fd: number, offset: number): Mapping | undefined;
  munmap(mapping: Mapping): void;
  /** poll(2) on another thread. `pollfds` must stay referenced by the caller until it settles. */
  poll(pollfds: Buffer, timeoutMs: number): Promise<number>;
  /** eventfd(2), close-on-exec and non-blocking. */
  eventfd(): number;
  /** Makes an eventfd readable. */
  signal(eventfd: number): void;
  close(fd: number): void;
  errno(): number;
  /** Takes the limit of locked memory away, or raises it as far as it goes. */
  raiseMemlock(): void;
  readonly pageBytes: number;
}

let loaded: Promise<Libc> | undefined;

/**
 * The process's own libc, glibc or musl.
 * @throws UnsupportedSystemError off Linux, on an unknown processor, and where koffi has no binary
 */
export function loadLibc(): Promise<Libc> {
  loaded ??= open();
  return loaded;
}

async function open(): Promise<Libc> {
  const number = BPF_SYSCALL_NUMBERS[process.arch];
  if (process.platform !== "linux" || number === undefined) {
    throw new UnsupportedSystemError(`there is no eBPF on ${process.platform} ${process.arch}`, {
      advice: `use Linux on ${Object.keys(BPF_SYSCALL_NUMBERS).join(", ")}`,
    });
  }
  return bind(await importKoffi(), number);
}

async function importKoffi(): Promise<typeof koffiType> {
  try {
    return (await import("koffi")).default;
  } catch (error) {
    throw new UnsupportedSystemError("koffi did not load", {
      advice: "install koffi with its binary for this system",
      cause: error,
    });
  }
}

/** struct rlimit: two 64-bit numbers, soft and hard; all bits set is RLIM_INFINITY. */
const RLIMIT_BYTES = 16;
/** The verifier gives up with EAGAIN where a signal waits, as of a child that has ended (kernel/bpf/verifier.c); libbpf tries as often. */
const ATTEMPTS = 5;
const MAP_FAILED = 0xffffffffffffffffn;

function bind(koffi: typeof koffiType, bpfNumber: number): Libc {
  const c = koffi.load(null);
  const syscall = c.func("long syscall(long nr, int cmd, void *attr, unsigned int size)");
  const mmap = c.func("void *mmap(void *a, size_t n, int prot, int flags, int fd, long off)");
  const munmap = c.func("int munmap(void *a, size_t n)");
  const poll = c.func("int poll(void *fds, unsigned long n, int timeout)");
  const eventfd = c.func("int eventfd(unsigned int init, int flags)");
  const write = c.func("long write(int fd, const void *b, size_t n)");
  const close = c.func("int close(int fd)");
  const getrlimit = c.func("int getrlimit(int resource, void *limit)");
  const setrlimit = c.func("int setrlimit(int resource, const void *limit)");
  const one = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]);
  return {
    bpf: (command, attribute, pointers = []) => {
      for (const { at, bytes } of pointers) {
        attribute.writeBigUInt64LE(BigInt(koffi.address(bytes)), at);
      }
      for (let attempt = 1; ; attempt += 1) {
        const result = Number(syscall(bpfNumber, command, attribute, attribute.length));
        if (result >= 0 || attempt === ATTEMPTS || koffi.errno() !== EAGAIN) return result;
      }
    },
    mmap: (sizeBytes, protection, fd, offset) => {
      const address = BigInt.asUintN(
        64,
        BigInt(mmap(null, sizeBytes, protection, MAP_SHARED, fd, offset) ?? 0),
      );
      if (address === MAP_FAILED || address === 0n) return undefined;
      return { address, bytes: koffi.view(address, sizeBytes) };
    },
    munmap: ({ address, bytes }) => {
      munmap(address, bytes.byteLength);
    },
    poll: (pollfds, timeoutMs) =>
      new Promise((resolve, reject) => {
        poll.async(pollfds, pollfds.length / 8, timeoutMs, (error: unknown, ready: number) =>
          error ? reject(error) : resolve(ready),
        );
      }),
    eventfd: () => Number(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
    signal: (fd) => {
      write(fd, one, one.length);
    },
    close: (fd) => {
      close(fd);
    },
    errno: () => koffi.errno(),
    raiseMemlock: () => {
      if (Number(setrlimit(RLIMIT_MEMLOCK, Buffer.alloc(RLIMIT_BYTES, 0xff))) === 0) return;
      const limit = Buffer.alloc(RLIMIT_BYTES);
      if (Number(getrlimit(RLIMIT_MEMLOCK, limit)) !== 0) return;
      limit.copy(limit, 0, 8, 16);
      setrlimit(RLIMIT_MEMLOCK, limit);
    },
    pageBytes: Number(c.func("int getpagesize(void)")()),
  };
}
