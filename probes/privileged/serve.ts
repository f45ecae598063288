// The helper's side: one request after the other until whoever asks is gone. It waits in the kernel, and never parses what comes from a network.

import { type SpawnOptions, spawn, spawnSync } from "node:child_process";
import { openSync, writeSync } from "node:fs";
import { constants } from "node:os";
import type { Libc as BpfLibc } from "ebpf-ts-bindings";
import { TRACEFS_PROGRAM } from "../kernel/tracefs-script.ts";
import type { Channel, Message, ProcessCalls } from "../native/fd-channel.ts";
import type { Libc } from "../native/libc.ts";
import { dumpNftRules } from "../native/nft-mark-rules.ts";
import { allowsInstance, allowsOption, allowsSocket } from "./allowed.ts";
import { allowedBpf } from "./allowed-bpf.ts";
import { MAKES_DESCRIPTOR } from "./bpf-calls.ts";
import {
  decodeFrame,
  encodeList,
  encodeOutcome,
  KIND,
  type Kind,
  numberOf,
  type Outcome,
} from "./protocol.ts";

export interface Served {
  readonly libc: Libc;
  readonly bpf: BpfLibc;
  readonly calls: ProcessCalls;
}

const { EPERM, EIO, EINVAL, EMSGSIZE } = constants.errno;

const REFUSED: Answer = { outcome: { result: -1, errno: EPERM, written: [] } };
const MALFORMED: Answer = { outcome: { result: -1, errno: EINVAL, written: [] } };
const NFT_LIMIT_MS = 3000;
const OUTPUT_MAX = 64 << 20;

interface Answer {
  readonly outcome: Outcome;
  /** Goes with the answer, and is closed here. */
  readonly fd?: number;
}

/** Returns when the other end is gone. */
export function serve(channel: Channel, served: Served): void {
  for (let message = channel.receive(); message !== null; message = channel.receive()) {
    const { outcome, fd } = answerTo(message, served);
    const bytes = encodeOutcome(outcome) ?? tooLong();
    const isSent = channel.send({ bytes, fds: fd === undefined ? [] : [fd] });
    for (const one of [...message.fds, ...(fd === undefined ? [] : [fd])]) served.calls.close(one);
    if (!isSent) return;
  }
}

function tooLong(): Buffer {
  const bytes = encodeOutcome({ result: -1, errno: EMSGSIZE, written: [] });
  return bytes ?? Buffer.alloc(0);
}

function answerTo({ bytes, fds }: Message, served: Served): Answer {
  const frame = decodeFrame(bytes);
  if (frame === null || frame.kind === null) return MALFORMED;
  return ANSWERS[frame.kind](frame.fields, fds, served);
}

type Handler = (fields: readonly Buffer[], fds: readonly number[], served: Served) => Answer;

const ANSWERS: Readonly<Record<Kind, Handler>> = {
  [KIND.socket]: ([a, b, c], _, { libc }) => {
    const [domain, type, protocol] = [numberOf(a), numberOf(b), numberOf(c)];
    if (domain === null || type === null || protocol === null) return MALFORMED;
    if (!allowsSocket(domain, type, protocol)) return REFUSED;
    const fd = libc.socket(domain, type, protocol);
    return fd < 0 ? failed(libc.errno()) : { outcome: done(0), fd };
  },
  [KIND.option]: ([a, b, value], [fd], { libc }) => {
    const [level, name] = [numberOf(a), numberOf(b)];
    if (level === null || name === null || value === undefined || fd === undefined)
      return MALFORMED;
    if (!allowsOption(level, name, value)) return REFUSED;
    const result = libc.setsockopt(fd, level, name, value, value.length);
    return result < 0 ? failed(libc.errno()) : { outcome: done(result) };
  },
  [KIND.bpf]: (fields, fds, { bpf }) => {
    const [a, attribute, ...rest] = fields;
    const command = numberOf(a);
    if (command === null || attribute === undefined || rest.length % 2 !== 0) return MALFORMED;
    const pointers = rest.flatMap((bytes, index) => {
      const at = numberOf(rest[index - 1]);
      return index % 2 === 1 && at !== null ? [{ at, bytes: Buffer.from(bytes) }] : [];
    });
    if (pointers.length * 2 !== rest.length) return MALFORMED;
    const own = allowedBpf({ command, attribute, pointers, fds });
    if (own === null) return REFUSED;
    const result = bpf.bpf(command, own, pointers);
    const written = pointers.map(({ bytes }) => bytes);
    if (result < 0) return { outcome: { result, errno: bpf.errno(), written } };
    return MAKES_DESCRIPTOR.has(command)
      ? { outcome: { result: 0, errno: 0, written: [] }, fd: result }
      : { outcome: { result, errno: 0, written } };
  },
  [KIND.symbols]: () => opened("/proc/kallsyms"),
  [KIND.ruleset]: (_, __, { calls }) => {
    const fd = calls.memoryFile();
    if (fd < 0) return failed(EIO);
    const { status } = spawnSync("nft", ["-j", "list", "ruleset"], {
      stdio: ["ignore", fd, "ignore"],
      env: TRACEFS_PROGRAM.env,
      timeout: NFT_LIMIT_MS,
      killSignal: "SIGKILL",
    });
    if (status === 0) return { outcome: done(0), fd };
    calls.close(fd);
    return failed(EIO);
  },
  [KIND.rules]: (_, __, { libc, calls }) => {
    const rules = dumpNftRules(libc);
    const bytes = rules === null ? null : encodeList(rules);
    const fd = bytes === null || bytes.length > OUTPUT_MAX ? -1 : calls.memoryFile();
    if (bytes === null || fd < 0) return failed(EIO);
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
    return { outcome: done(0), fd };
  },
  [KIND.tracefs]: ([name], [input, output, error]) => {
    if (name === undefined || input === undefined || output === undefined || error === undefined) {
      return MALFORMED;
    }
    if (!allowsInstance(name.toString("latin1"))) return REFUSED;
    const { file, args, env } = TRACEFS_PROGRAM;
    const options: SpawnOptions = { stdio: [input, output, error], detached: true, env };
    const child = spawn(file, [...args, name.toString("latin1")], options);
    child.on("error", () => undefined);
    return child.pid === undefined ? failed(EIO) : { outcome: done(0) };
  },
};

function opened(path: string): Answer {
  try {
    return { outcome: done(0), fd: openSync(path, "r") };
  } catch {
    return failed(EPERM);
  }
}

function done(result: number): Outcome {
  return { result, errno: 0, written: [] };
}

function failed(errno: number): Answer {
  return { outcome: { result: -1, errno, written: [] } };
}
