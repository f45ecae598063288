// A pair of connected sockets whose messages carry file descriptors (unix(7), SCM_RIGHTS), read and written while the process waits.

import {
  AF_UNIX,
  SO_RCVTIMEO,
  SOCK_CLOEXEC,
  SOCK_SEQPACKET,
  SOCK_STREAM,
  SOL_SOCKET,
} from "./constants.ts";
import { importKoffi } from "./libc.ts";

export interface Message {
  readonly bytes: Buffer;
  /** Close-on-exec, and whoever received them closes them. */
  readonly fds: readonly number[];
}

export interface Channel {
  /** False where the other end is gone, or takes no message of that size. */
  send(message: Message): boolean;
  /** Waits; null where the other end is gone, is silent for too long, or sent more than `MESSAGE_MAX`. */
  receive(): Message | null;
  close(): void;
}

/** Calls that only a process has that hands privileges over. */
export interface ProcessCalls {
  /** Both ends, close-on-exec; an empty list where there are none to be had. */
  pair(kind: "messages" | "stream"): readonly number[];
  /** @param timeoutMs how long `receive` waits; 0 for ever */
  channel(fd: number, timeoutMs: number): Channel;
  /** memfd_create(2): a file in memory, -1 without. */
  memoryFile(): number;
  /** prctl(2), PR_SET_NO_NEW_PRIVS: for this thread and whatever it starts. False before Linux 3.5. */
  refuseNewPrivileges(): boolean;
  close(fd: number): void;
}

/** Below what a socket takes by default (net.core.wmem_default, 212,992). */
export const MESSAGE_MAX = 160_000;
/** A request has at most this many. */
const FDS_MAX = 8;

const SCM_RIGHTS = 1;
const MSG_NOSIGNAL = 0x4000;
const MSG_CMSG_CLOEXEC = 0x40000000;
/** MSG_TRUNC and MSG_CTRUNC: a part of the message is lost. */
const CUT = 0x20 | 0x8;
const PR_SET_NO_NEW_PRIVS = 38;
const MFD_CLOEXEC = 1;
const EINTR = 4;
/** struct msghdr, struct iovec and struct cmsghdr of 64-bit Linux (bits/socket.h). */
const MSGHDR = { bytes: 56, vector: 16, vectors: 24, control: 32, controlSize: 40, flags: 48 };
const IOVEC_BYTES = 16;
const CMSG_HEADER = 16;
const FD_BYTES = 4;
const CONTROL_MAX = CMSG_HEADER + FDS_MAX * FD_BYTES;

/** @throws UnsupportedProbeError where koffi has no binary for this system */
export async function loadProcessCalls(): Promise<ProcessCalls> {
  const koffi = await importKoffi();
  const c = koffi.load(null);
  const call = (declaration: string) => {
    const native = c.func(declaration);
    return (...args: unknown[]): number => Number(native(...args));
  };
  const socketpair = call("int socketpair(int domain, int type, int protocol, void *fds)");
  const setsockopt = call("int setsockopt(int fd, int l, int n, const void *v, uint32_t s)");
  const sendmsg = call("long sendmsg(int fd, const void *m, int flags)");
  const recvmsg = call("long recvmsg(int fd, void *m, int flags)");
  const close = call("int close(int fd)");
  const memfd = call("int memfd_create(const char *name, unsigned int flags)");
  const prctl = call(
    "int prctl(int o, unsigned long a, unsigned long b, unsigned long c, unsigned long d)",
  );
  const addressOf = (bytes: Buffer) => BigInt(koffi.address(bytes));
  /** The call again for as long as signals cut it short. */
  const whole = (attempt: () => number): number => {
    for (;;) {
      const result = attempt();
      if (result >= 0 || koffi.errno() !== EINTR) return result;
    }
  };

  const send = (fd: number, { bytes, fds }: Message): boolean => {
    if (bytes.length > MESSAGE_MAX || fds.length > FDS_MAX) return false;
    const control = fds.length === 0 ? Buffer.alloc(0) : rightsOf(fds);
    const { header, vector } = headerOf(bytes, control, addressOf);
    const sent = whole(() => sendmsg(fd, header, MSG_NOSIGNAL));
    return sent === bytes.length && vector.length > 0;
  };

  const receive = (fd: number): Message | null => {
    const bytes = Buffer.alloc(MESSAGE_MAX);
    const control = Buffer.alloc(CONTROL_MAX);
    const { header, vector } = headerOf(bytes, control, addressOf);
    const size = whole(() => recvmsg(fd, header, MSG_CMSG_CLOEXEC));
    if (size <= 0 || vector.length === 0) return null;
    const fds = fdsOf(control.subarray(0, Number(header.readBigUInt64LE(MSGHDR.controlSize))));
    if ((header.readUInt32LE(MSGHDR.flags) & CUT) === 0) {
      return { bytes: Buffer.from(bytes.subarray(0, size)), fds };
    }
    for (const one of fds) close(one);
    return null;
  };

  return {
    pair: (kind) => {
      const ends = Buffer.alloc(2 * FD_BYTES);
      const type = kind === "stream" ? SOCK_STREAM : SOCK_SEQPACKET;
      const made = socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends);
      return made < 0 ? [] : [ends.readInt32LE(0), ends.readInt32LE(FD_BYTES)];
    },
    channel: (fd, timeoutMs) => {
      setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, timeOf(timeoutMs), timeOf(timeoutMs).length);
      return {
        send: (message) => send(fd, message),
        receive: () => receive(fd),
        close: () => {
          close(fd);
        },
      };
    },
    memoryFile: () => memfd("wsl-trace", MFD_CLOEXEC),
    refuseNewPrivileges: () => prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) === 0,
    close: (fd) => {
      close(fd);
    },
  };
}

/** The vector is held by whoever makes the call: its address stands in the header. */
function headerOf(
  bytes: Buffer,
  control: Buffer,
  addressOf: (bytes: Buffer) => bigint,
): { readonly header: Buffer; readonly vector: Buffer } {
  const header = Buffer.alloc(MSGHDR.bytes);
  const vector = Buffer.alloc(IOVEC_BYTES);
  vector.writeBigUInt64LE(addressOf(bytes), 0);
  vector.writeBigUInt64LE(BigInt(bytes.length), 8);
  header.writeBigUInt64LE(addressOf(vector), MSGHDR.vector);
  header.writeBigUInt64LE(1n, MSGHDR.vectors);
  if (control.length > 0) {
    header.writeBigUInt64LE(addressOf(control), MSGHDR.control);
    header.writeBigUInt64LE(BigInt(control.length), MSGHDR.controlSize);
  }
  return { header, vector };
}

function rightsOf(fds: readonly number[]): Buffer {
  const control = Buffer.alloc(CMSG_HEADER + fds.length * FD_BYTES);
  control.writeBigUInt64LE(BigInt(control.length), 0);
  control.writeInt32LE(SOL_SOCKET, 8);
  control.writeInt32LE(SCM_RIGHTS, 12);
  for (const [index, fd] of fds.entries()) control.writeInt32LE(fd, CMSG_HEADER + index * FD_BYTES);
  return control;
}

function fdsOf(control: Buffer): readonly number[] {
  if (control.length < CMSG_HEADER) return [];
  if (control.readInt32LE(8) !== SOL_SOCKET || control.readInt32LE(12) !== SCM_RIGHTS) return [];
  const end = Math.min(Number(control.readBigUInt64LE(0)), control.length);
  const fds: number[] = [];
  for (let at = CMSG_HEADER; at + FD_BYTES <= end; at += FD_BYTES)
    fds.push(control.readInt32LE(at));
  return fds;
}

/** struct timeval */
function timeOf(ms: number): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeBigInt64LE(BigInt(Math.floor(ms / 1000)), 0);
  bytes.writeBigInt64LE(BigInt((ms % 1000) * 1000), 8);
  return bytes;
}
