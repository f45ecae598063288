// A libc of pure data: remembers what was set and sent, and hands out the messages that a test queues.

import { constants } from "node:os";
import { MSG_ERRQUEUE } from "../../probes/native/constants.ts";
import type { Libc } from "../../probes/native/libc.ts";
import { encodeSockaddr } from "../../probes/native/sockaddr.ts";

export interface Control {
  readonly level: number;
  readonly type: number;
  readonly body: Buffer;
}

export interface Queued {
  /** On the error queue rather than among the data. */
  readonly error: boolean;
  readonly data: Buffer;
  readonly controls: readonly Control[];
}

export interface FakeLibc extends Libc {
  readonly sent: readonly Buffer[];
  readonly open: ReadonlySet<number>;
  /** "fd level name" -> the last value that was set. */
  readonly options: ReadonlyMap<string, number>;
  queue(message: Queued): void;
}

const HEADER_CONTROL = 32;
const HEADER_CONTROL_SIZE = 40;
const CMSG_HEADER = 16;

/** @param refuse a call that fails, with its errno */
export function fakeLibc(
  refuse: { readonly call?: string; readonly errno?: number } = {},
): FakeLibc {
  const buffers: Buffer[] = [];
  const queued: Queued[] = [];
  const sent: Buffer[] = [];
  const open = new Set<number>();
  const options = new Map<string, number>();
  let nextFd = 3;
  let errno = 0;
  const fails = (call: string) => {
    if (refuse.call !== call) return 0;
    errno = refuse.errno ?? 0;
    return -1;
  };
  const at = (header: Buffer, offset: number) =>
    buffers[Number(header.readBigUInt64LE(offset)) - 1];
  return {
    sent,
    open,
    options,
    queue: (message) => queued.push(message),
    socket: () => {
      if (fails("socket") < 0) return -1;
      nextFd += 1;
      open.add(nextFd);
      return nextFd;
    },
    setsockopt: (fd, level, name, value) => {
      options.set(`${fd} ${level} ${name}`, value.readInt32LE());
      return fails(`setsockopt ${name}`);
    },
    getsockopt: () => fails("getsockopt"),
    connect: () => fails("connect"),
    bind: () => fails("bind"),
    listen: () => fails("listen"),
    getsockname: (_fd, address) => {
      encodeSockaddr("0.0.0.0", 40_000).copy(address);
      return fails("getsockname");
    },
    sendto: (_fd, data, size) => {
      if (fails("sendto") < 0) return -1;
      sent.push(Buffer.from(data.subarray(0, size)));
      return size;
    },
    recvmsg: (_fd, header, flags) => {
      const wanted = (flags & MSG_ERRQUEUE) !== 0;
      const index = queued.findIndex(({ error }) => error === wanted);
      const [message] = index < 0 ? [] : queued.splice(index, 1);
      if (message === undefined) {
        errno = constants.errno.EAGAIN;
        return -1;
      }
      const vector = at(header, 16);
      const data = vector && buffers[Number(vector.readBigUInt64LE(0)) - 1];
      message.data.copy(data ?? Buffer.alloc(0));
      encodeSockaddr("203.0.113.80", 33_434).copy(at(header, 0) ?? Buffer.alloc(0));
      const controls = encodeControls(message.controls);
      controls.copy(at(header, HEADER_CONTROL) ?? Buffer.alloc(0));
      header.writeBigUInt64LE(BigInt(controls.length), HEADER_CONTROL_SIZE);
      return message.data.length;
    },
    poll: () => 0,
    close: (fd) => (open.delete(fd) ? 0 : -1),
    errno: () => errno,
    addressOf: (buffer) => {
      buffers.push(buffer);
      return BigInt(buffers.length);
    },
    interfaceName: () => undefined,
    realtimeNs: () => 1_000_000_000n,
  };
}

/** struct cmsghdr and its body, each at an address that 8 divides. */
function encodeControls(controls: readonly Control[]): Buffer {
  return Buffer.concat(
    controls.map(({ level, type, body }) => {
      const size = CMSG_HEADER + body.length;
      const bytes = Buffer.alloc((size + 7) & ~7);
      bytes.writeBigUInt64LE(BigInt(size), 0);
      bytes.writeInt32LE(level, 8);
      bytes.writeInt32LE(type, 12);
      body.copy(bytes, CMSG_HEADER);
      return bytes;
    }),
  );
}

/** struct sock_extended_err with its offender (linux/errqueue.h). */
export function extendedError(
  { origin, type, code, info = 0 }: { origin: number; type: number; code: number; info?: number },
  offender: string | null,
): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(113, 0);
  bytes.writeUInt8(origin, 4);
  bytes.writeUInt8(type, 5);
  bytes.writeUInt8(code, 6);
  bytes.writeUInt32LE(info, 8);
  return Buffer.concat([bytes, offender === null ? Buffer.alloc(16) : encodeSockaddr(offender, 0)]);
}
