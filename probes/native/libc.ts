// The one place that calls into libc, through koffi; wrong sizes here are a crash, not an exception.

import { constants } from "node:os";
import type koffiType from "koffi";
import { messageOf, UnsupportedProbeError } from "../../src/errors.ts";
import { CLOCK_REALTIME } from "./constants.ts";

/** The calls that the sockets use. Each returns what libc returns; `errno` belongs to the last call. */
export interface Libc {
  socket(domain: number, type: number, protocol: number): number;
  setsockopt(fd: number, level: number, name: number, value: Buffer, size: number): number;
  getsockopt(fd: number, level: number, name: number, value: Buffer, size: Buffer): number;
  connect(fd: number, address: Buffer, size: number): number;
  bind(fd: number, address: Buffer, size: number): number;
  listen(fd: number, backlog: number): number;
  getsockname(fd: number, address: Buffer, size: Buffer): number;
  sendto(
    fd: number,
    data: Buffer,
    size: number,
    flags: number,
    address: Buffer,
    addressSize: number,
  ): number;
  recvmsg(fd: number, message: Buffer, flags: number): number;
  /** @param fds struct pollfd, one after the other; @param timeoutMs 0 returns at once */
  poll(fds: Buffer, count: number, timeoutMs: number): number;
  close(fd: number): number;
  /** Undefined where there is none of that index any more. */
  interfaceName(index: number): string | undefined;
  errno(): number;
  /** The memory address of a buffer that stays referenced, for structs that hold pointers. */
  addressOf(buffer: Buffer): bigint;
  /** Wall clock in nanoseconds, the clock of SO_TIMESTAMPNS. */
  realtimeNs(): bigint;
}

let loaded: Promise<Libc> | undefined;

/**
 * The process's own libc.
 * @throws UnsupportedProbeError where koffi has no binary for this system.
 */
export function loadLibc(): Promise<Libc> {
  loaded ??= open();
  return loaded;
}

const NAMES = new Map(Object.entries(constants.errno).map(([name, number]) => [number, name]));

/** errno's name as in errno.h, "errno N" for a number that Node does not know. */
export function errnoName(errno: number): string {
  return NAMES.get(errno) ?? `errno ${errno}`;
}

/** net/if.h */
const IF_NAMESIZE = 16;
const NS_PER_S = 1_000_000_000n;

/** @throws UnsupportedProbeError where it has no binary for this system */
export async function importKoffi(): Promise<typeof koffiType> {
  try {
    return (await import("koffi")).default;
  } catch (error) {
    throw new UnsupportedProbeError("sockets", {
      requires: `koffi, which did not load: ${messageOf(error)} (what to do: wsl-trace doctor)`,
      cause: error,
    });
  }
}

async function open(): Promise<Libc> {
  const koffi = await importKoffi();
  const c = koffi.load(null);
  const call = (declaration: string) => {
    const native = c.func(declaration);
    return (...args: unknown[]): number => Number(native(...args));
  };
  const gettime = call("int clock_gettime(int clock, void *ts)");
  const timespec = Buffer.alloc(16);
  // It returns its second argument or null: a number as large as a pointer.
  const nameOf = call("size_t if_indextoname(unsigned int index, void *name)");
  return {
    socket: call("int socket(int domain, int type, int protocol)"),
    setsockopt: call("int setsockopt(int fd, int level, int name, const void *v, uint32_t n)"),
    getsockopt: call("int getsockopt(int fd, int level, int name, void *v, void *n)"),
    connect: call("int connect(int fd, const void *a, uint32_t n)"),
    bind: call("int bind(int fd, const void *a, uint32_t n)"),
    listen: call("int listen(int fd, int backlog)"),
    getsockname: call("int getsockname(int fd, void *a, void *n)"),
    sendto: call(
      "long sendto(int fd, const void *b, size_t n, int flags, const void *a, uint32_t an)",
    ),
    recvmsg: call("long recvmsg(int fd, void *m, int flags)"),
    poll: call("int poll(void *fds, unsigned long n, int timeout)"),
    close: call("int close(int fd)"),
    interfaceName: (index) => {
      const text = Buffer.alloc(IF_NAMESIZE);
      return nameOf(index, text) === 0 ? undefined : text.toString("utf8").replace(/\0.*$/s, "");
    },
    errno: () => koffi.errno(),
    addressOf: (buffer) => BigInt(koffi.address(buffer)),
    realtimeNs: () => {
      gettime(CLOCK_REALTIME, timespec);
      return timespec.readBigUInt64LE(0) * NS_PER_S + timespec.readBigUInt64LE(8);
    },
  };
}
