// The only file that touches koffi: a wrong size or address here is a crash, not an exception.

import type koffiType from "koffi";
import { UnsupportedError } from "./errors.ts";

/** Calls into the process's own C library. Each returns what libc returns; `errno` belongs to the last one. */
export interface Libc {
  /** bpf(2), which has no wrapper in libc. */
  bpf(command: number, attr: Buffer): number;
  /** mmap(2), shared, at an address of the kernel's choice; null on failure. */
  mmap(lengthBytes: number, protection: number, fd: number, offset: number): bigint | null;
  munmap(address: bigint, lengthBytes: number): number;
  /** Mapped memory as an ArrayBuffer. Touching it after munmap kills the process. */
  view(address: bigint, lengthBytes: number): ArrayBuffer;
  /** The memory address of a buffer that somebody keeps referenced. */
  addressOf(buffer: Buffer): bigint;
  /** eventfd(2) that starts at 0, neither blocking nor inherited. */
  eventfd(): number;
  write(fd: number, data: Buffer): number;
  /** A second descriptor of the same thing, not inherited (fcntl F_DUPFD_CLOEXEC). */
  duplicate(fd: number): number;
  close(fd: number): number;
  /** poll(2) on a thread of libuv's pool; `set` is an array of struct pollfd and must stay referenced. */
  poll(set: Buffer, timeoutMs: number): Promise<number>;
  /** Lifts RLIMIT_MEMLOCK for this process; false without CAP_SYS_RESOURCE. */
  liftMemoryLock(): boolean;
  /** Bytes of a memory page: 4096 on x86-64, up to 65536 on arm64. */
  pageBytes(): number;
  errno(): number;
}

let loaded: Promise<Libc> | undefined;

/**
 * The process's own C library; found without a name, so glibc or musl.
 * @throws UnsupportedError where koffi has no binary, or on a CPU whose call numbers are not known
 */
export function loadLibc(): Promise<Libc> {
  loaded ??= open();
  return loaded;
}

/** Number of bpf(2): asm/unistd_64.h, asm-generic/unistd.h. */
const BPF_CALL_NUMBERS = new Map([
  ["x64", 321],
  ["arm64", 280],
]);

/** bits/mman-linux.h */
const MAP_SHARED = 1;
/** sys/eventfd.h: EFD_CLOEXEC | EFD_NONBLOCK */
const EVENTFD_FLAGS = 0o2004000;
/** linux/fcntl.h */
const F_DUPFD_CLOEXEC = 1030;
/** asm-generic/resource.h */
const RLIMIT_MEMLOCK = 8;
/** bits/confname.h (glibc) and unistd.h (musl) agree. */
const SC_PAGESIZE = 30;

async function open(): Promise<Libc> {
  const number = BPF_CALL_NUMBERS.get(process.arch);
  if (process.platform !== "linux" || number === undefined) {
    throw new UnsupportedError("eBPF", { requires: "Linux on x86-64 or arm64" });
  }
  const koffi = await loadKoffi();
  const c = koffi.load(null);
  const call = (declaration: string) => {
    const native = c.func(declaration);
    return (...args: unknown[]): number => Number(native(...args));
  };
  const syscall = call("long syscall(long number, int command, void *attr, uint32_t size)");
  // A pointer that is an integer: the failure is -1, and koffi's own pointers would hide it.
  const mmap = c.func(
    "int64_t mmap(void *at, size_t length, int prot, int flags, int fd, int64_t offset)",
  );
  const munmap = call("int munmap(uint64_t at, size_t length)");
  const eventfd = call("int eventfd(uint32_t initial, int flags)");
  const write = call("long write(int fd, const void *data, size_t size)");
  const fcntl = call("int fcntl(int fd, int command, int argument)");
  const poll = c.func("int poll(void *set, unsigned long count, int timeout)");
  const setrlimit = call("int setrlimit(int resource, const void *limit)");
  const sysconf = call("long sysconf(int name)");
  const unlimited = Buffer.alloc(16, 0xff);
  return {
    bpf: (command, attr) => syscall(number, command, attr, attr.length),
    mmap: (lengthBytes, protection, fd, offset) => {
      const address = BigInt(mmap(null, lengthBytes, protection, MAP_SHARED, fd, offset));
      return address === -1n ? null : address;
    },
    munmap,
    view: (address, lengthBytes) => koffi.view(address, lengthBytes),
    addressOf: (buffer) => BigInt(koffi.address(buffer)),
    eventfd: () => eventfd(0, EVENTFD_FLAGS),
    write: (fd, data) => write(fd, data, data.length),
    duplicate: (fd) => fcntl(fd, F_DUPFD_CLOEXEC, 0),
    close: call("int close(int fd)"),
    poll: (set, timeoutMs) =>
      new Promise((resolve, reject) => {
        const done = (error: unknown, ready: unknown) =>
          error === null || error === undefined ? resolve(Number(ready)) : reject(error);
        poll.async(set, set.length / POLLFD_BYTES, timeoutMs, done);
      }),
    liftMemoryLock: () => setrlimit(RLIMIT_MEMLOCK, unlimited) === 0,
    pageBytes: () => sysconf(SC_PAGESIZE),
    errno: () => koffi.errno(),
  };
}

/** struct pollfd: i32 fd, i16 events, i16 revents. */
export const POLLFD_BYTES = 8;

async function loadKoffi(): Promise<typeof koffiType> {
  try {
    return (await import("koffi")).default;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UnsupportedError("eBPF", {
      requires: `koffi, which did not load: ${why}`,
      cause: error,
    });
  }
}
