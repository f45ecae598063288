// The tool's side: asks the helper for what this process may not do any more, and waits for the answer.

import { readSync } from "node:fs";
import { constants } from "node:os";
import type { Libc as BpfLibc, Pointer } from "ebpf-ts-bindings";
import type { Channel, ProcessCalls } from "../native/fd-channel.ts";
import type { Libc } from "../native/libc.ts";
import { BPF, FD_AT, instructionsOf, LOAD, MAKES_DESCRIPTOR } from "./bpf-calls.ts";
import {
  decodeList,
  decodeOutcome,
  encodeFrame,
  KIND,
  type Kind,
  numberField,
} from "./protocol.ts";

export interface Privileged {
  /** The helper's. */
  readonly pid: number | undefined;
  /** The same calls; what the kernel refuses this process for want of a privilege is asked of the helper. */
  sockets(libc: Libc): Libc;
  bpf(libc: BpfLibc): BpfLibc;
  /** /proc/kallsyms as root sees it, to be closed; null where it cannot be had. */
  symbols(): number | null;
  /** What `nft -j list ruleset` prints; null where it cannot be had. */
  ruleset(): string | null;
  /** The kernel's dump of nftables' rules, one by one; null where it cannot be had. */
  rules(): readonly Buffer[] | null;
  /** Starts the script that holds a tracefs instance; our ends of its standard input, output and error, or none. */
  tracefs(name: string): readonly number[];
}

interface Answered {
  readonly result: number;
  readonly errno: number;
  readonly written: readonly Buffer[];
  readonly fd: number | undefined;
}

const { EPERM, EACCES } = constants.errno;

/** Where the helper is gone or silent: as if nobody had ever been root. */
const NOBODY: Answered = { result: -1, errno: EPERM, written: [], fd: undefined };

export function createPrivileged(
  channel: Channel,
  calls: ProcessCalls,
  pid: number | undefined,
): Privileged {
  let isOver = false;
  const ask = (kind: Kind, fields: readonly Buffer[], fds: readonly number[] = []): Answered => {
    const bytes = isOver ? null : encodeFrame({ kind, fields });
    if (bytes === null) return NOBODY;
    const message = channel.send({ bytes, fds }) ? channel.receive() : null;
    const outcome = message === null ? null : decodeOutcome(message.bytes);
    if (message === null || outcome === null) {
      // An answer that comes after all would be taken for that of the next request.
      isOver = true;
      return NOBODY;
    }
    const [fd, ...more] = message.fds;
    for (const one of more) calls.close(one);
    return { ...outcome, fd };
  };
  const contentOf = (kind: Kind): Buffer | null => {
    const { result, fd } = ask(kind, []);
    if (fd === undefined) return null;
    const content = result < 0 ? null : readFromStart(fd);
    calls.close(fd);
    return content;
  };
  return {
    pid,
    sockets: (libc) => withSockets(libc, ask),
    bpf: (libc) => withBpf(libc, ask),
    symbols: () => ask(KIND.symbols, []).fd ?? null,
    ruleset: () => contentOf(KIND.ruleset)?.toString("utf8") ?? null,
    rules: () => {
      const content = contentOf(KIND.rules);
      return content === null ? null : decodeList(content);
    },
    tracefs: (name) => {
      const pairs = [calls.pair("stream"), calls.pair("stream"), calls.pair("stream")];
      const ours = pairs.flatMap(([end]) => end ?? []);
      const theirs = pairs.flatMap(([, end]) => end ?? []);
      const asked = ask(KIND.tracefs, [Buffer.from(name, "latin1")], theirs);
      const left = asked.result === 0 ? theirs : [...theirs, ...ours];
      for (const fd of left) calls.close(fd);
      return asked.result === 0 ? ours : [];
    },
  };
}

type Ask = (kind: Kind, fields: readonly Buffer[], fds?: readonly number[]) => Answered;

function isRefused(libc: Libc): boolean {
  const errno = libc.errno();
  return errno === EPERM || errno === EACCES;
}

function withSockets(libc: Libc, ask: Ask): Libc {
  return {
    ...libc,
    socket: (domain, type, protocol) => {
      const fd = libc.socket(domain, type, protocol);
      if (fd >= 0 || !isRefused(libc)) return fd;
      const asked = ask(KIND.socket, [domain, type, protocol].map(numberField));
      if (asked.result === 0 && asked.fd !== undefined) return asked.fd;
      // Once more, so that errno is that of this call.
      return libc.socket(domain, type, protocol);
    },
    setsockopt: (fd, level, name, value, size) => {
      const result = libc.setsockopt(fd, level, name, value, size);
      if (result >= 0 || !isRefused(libc)) return result;
      const fields = [numberField(level), numberField(name), value.subarray(0, size)];
      if (ask(KIND.option, fields, [fd]).result >= 0) return 0;
      return libc.setsockopt(fd, level, name, value, size);
    },
  };
}

/** A verifier's log that fits into an answer; the kernel says ENOSPC where it does not (kernel/bpf/log.c). */
const LOG_MAX = 120_000;

function withBpf(libc: BpfLibc, ask: Ask): BpfLibc {
  let errno: number | null = null;
  const here = <T>(result: T): T => {
    errno = null;
    return result;
  };
  return {
    ...libc,
    bpf: (command, attribute, pointers = []) => {
      const asked = askBpf(ask, command, Buffer.from(attribute), pointers);
      errno = asked.errno;
      if (asked.result < 0) return asked.result;
      return MAKES_DESCRIPTOR.has(command) ? (asked.fd ?? -1) : asked.result;
    },
    mmap: (...args) => here(libc.mmap(...args)),
    eventfd: () => here(libc.eventfd()),
    raiseMemlock: () => here(libc.raiseMemlock()),
    errno: () => errno ?? libc.errno(),
  };
}

function askBpf(
  ask: Ask,
  command: number,
  attribute: Buffer,
  pointers: readonly Pointer[],
): Answered {
  const fds: number[] = [];
  const at = FD_AT.get(command);
  if (at !== undefined) {
    fds.push(attribute.readUInt32LE(at));
    attribute.writeUInt32LE(0, at);
  } else if (!MAKES_DESCRIPTOR.has(command)) return NOBODY;
  const sent = pointers.map((one) => {
    if (command !== BPF.load) return one;
    if (one.at === LOAD.programAt) return { at: one.at, bytes: withPlaces(one.bytes, fds) };
    if (one.at !== LOAD.logAt) return one;
    const size = Math.min(one.bytes.length, LOG_MAX);
    attribute.writeUInt32LE(size, LOAD.logSizeAt);
    return { at: one.at, bytes: one.bytes.subarray(0, size) };
  });
  const fields = [
    numberField(command),
    attribute,
    ...sent.flatMap((one) => [numberField(one.at), one.bytes]),
  ];
  const asked = ask(KIND.bpf, fields, fds);
  // What the kernel wrote: a value that was looked up, the verifier's log.
  for (const [index, bytes] of asked.written.entries()) {
    const target = pointers[index];
    if (target !== undefined && target.at !== 8) bytes.copy(target.bytes);
  }
  return asked;
}

/** The program with each map by its place among the descriptors that go with it. */
function withPlaces(instructions: Buffer, fds: number[]): Buffer {
  const program = Buffer.from(instructions);
  for (const { loads, numberAt } of instructionsOf(program)) {
    if (loads !== "map") continue;
    const fd = program.readUInt32LE(numberAt);
    if (!fds.includes(fd)) fds.push(fd);
    program.writeUInt32LE(fds.indexOf(fd), numberAt);
  }
  return program;
}

const CHUNK = 1 << 16;

/** A file in memory, whose place the writer has left at its end. */
function readFromStart(fd: number): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const part = Buffer.alloc(CHUNK);
    const size = readSync(fd, part, 0, CHUNK, at);
    if (size === 0) return Buffer.concat(parts);
    parts.push(part.subarray(0, size));
    at += size;
  }
}
