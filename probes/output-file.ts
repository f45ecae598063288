// Files that a command writes: whole under their name, or an error that says what is missing.

import {
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { EXIT, messageOf, TraceError } from "../src/errors.ts";

/** What is written before `close` stands in a file beside the one that was named, so that a killed run leaves what it had. */
export interface OutputFile {
  /** Keeps the first error for `close`: a run goes on without its file. */
  write(content: string | Uint8Array): void;
  /** Once. @throws TraceError when not all of it could be written */
  close(): void;
  /** Leaves nothing behind; nothing where it was closed. */
  discard(): void;
}

/** Only the owner may read it: recordings hold real names and addresses. */
const OWNER_ONLY = 0o600;

/** @throws TraceError when it cannot be made */
export function openOutput(path: string): OutputFile {
  try {
    const name = nameOf(path);
    return name === null ? openInPlace(path) : openBeside(name);
  } catch (error) {
    throw unwritable(path, error);
  }
}

/** The file that is meant, whether it is there yet or not; null for a FIFO, a device, a socket. */
function nameOf(path: string): string | null {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return path;
  return found.isFile() ? realpathSync(path) : null;
}

function openBeside(name: string): OutputFile {
  const beside = `${name}.${process.pid}.partial`;
  const { O_WRONLY, O_CREAT, O_EXCL } = constants;
  try {
    const fd = openSync(beside, O_WRONLY | O_CREAT | O_EXCL, OWNER_ONLY);
    return createOutput(fd, name, {
      keep: () => {
        fsyncSync(fd);
        renameSync(beside, name);
      },
      discard: () => unlinkSync(beside),
    });
  } catch (error) {
    // A file that may be written in a folder that may not.
    if (statSync(name, { throwIfNoEntry: false }) === undefined) throw error;
    const fd = openSync(name, "w", OWNER_ONLY);
    fchmodSync(fd, OWNER_ONLY);
    return createOutput(fd, name, { keep: () => fsyncSync(fd), discard: () => undefined });
  }
}

/** Not to wait: a FIFO that nobody reads is refused (ENXIO, fifo(7)). */
function openInPlace(path: string): OutputFile {
  const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  return createOutput(fd, path, { keep: () => undefined, discard: () => undefined });
}

function createOutput(
  fd: number,
  name: string,
  then: { readonly keep: () => void; readonly discard: () => void },
): OutputFile {
  let problem: unknown = null;
  let isOpen = true;
  const attempt = (work: () => void) => {
    if (problem !== null) return;
    try {
      work();
    } catch (error) {
      problem = error;
    }
  };
  return {
    write: (content) =>
      attempt(() => writeAll(fd, typeof content === "string" ? Buffer.from(content) : content)),
    // Who could not close one of several files ends all of them, this one too: the error that is told is the first.
    close: () => {
      if (!isOpen) return;
      attempt(then.keep);
      isOpen = false;
      closeSync(fd);
      if (problem === null) return;
      then.discard();
      const message = `${name} could not be written whole (${messageOf(problem)})`;
      throw new TraceError("cannot-write", message, {
        cause: problem,
        exitCode: EXIT.inconclusive,
        advice: "make room, or name another file",
      });
    },
    discard: () => {
      if (!isOpen) return;
      isOpen = false;
      closeSync(fd);
      then.discard();
    },
  };
}

const PAUSE_MS = 20;
/** How long a reader of a FIFO may rest. */
const LONGEST_PAUSES = 250;

function writeAll(fd: number, bytes: Uint8Array): void {
  let pauses = 0;
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at);
      pauses = 0;
    } catch (error) {
      const isFull = error instanceof Error && "code" in error && error.code === "EAGAIN";
      pauses += 1;
      if (!isFull || pauses > LONGEST_PAUSES) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
}

/** What Node ends its messages with: the call and the name that stands here until the file is whole. */
const OWN_NAMES = /, [a-z]+ '.*$/s;

function unwritable(path: string, cause: unknown): TraceError {
  const why =
    cause instanceof Error && "code" in cause && cause.code === "ENXIO"
      ? "nobody reads it"
      : messageOf(cause).replace(OWN_NAMES, "");
  const message = `${path} cannot be written (${why}): name a file in a folder that you may write to`;
  return new TraceError("cannot-write", message, { cause });
}
