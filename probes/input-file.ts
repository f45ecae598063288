// Files that are read whole: never more than a bound, and never a wait for what may not come.

import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

export const MB = 1_000_000;
/** Lists of blocked names in a hosts file have some 10 MB, the kernel's symbols 15. */
const MOST_BYTES = 64 * MB;
const CHUNK_BYTES = 65_536;

export interface InputLimits {
  /** Beyond, the file is refused. */
  readonly mostBytes?: number;
  /** Whether a program may hand it over, as `<(zcat FILE)` does: named by the user for this run alone. */
  readonly pipes?: boolean;
  /** Whether it may be packed, as a recording that was attached to a bug report is. */
  readonly gzip?: boolean;
}

/** What such a file begins with (RFC 1952 s.2.3.1). */
const GZIP = Buffer.from([0x1f, 0x8b]);

/**
 * The file's text.
 * @throws Error as node:fs does, and one that says why for a device (but an empty one, as /dev/null), a pipe that is not allowed or
 *   that nobody writes into, and what is too large
 */
export async function readInput(path: string, limits: InputLimits = {}): Promise<string> {
  // Not to wait: a FIFO that nobody writes into would keep the call, and the process with it, past any signal (fifo(7)).
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = await file.stat();
    check(found, limits);
    const bytes = found.isFIFO()
      ? await readPipe(file, limits)
      : await readWhole(file, found, limits);
    const isPacked = limits.gzip === true && GZIP.equals(bytes.subarray(0, GZIP.length));
    return (isPacked ? await unpack(bytes, limits) : bytes).toString("utf8");
  } finally {
    await file.close();
  }
}

/** What a user names for one run: a recording, a snapshot, certificates. */
export const NAMED_FILE: InputLimits = { mostBytes: 200 * MB, pipes: true, gzip: true };

/** The same before anything is awaited; takes no pipe. */
export function readInputSync(path: string, limits: Pick<InputLimits, "mostBytes"> = {}): string {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = fstatSync(fd);
    check(found, limits);
    const bytes = collect(limits);
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    for (;;) {
      const read = readSync(fd, chunk);
      if (read === 0) return bytes.all().toString("utf8");
      refuseDevice(found);
      bytes.add(chunk.subarray(0, read));
    }
  } finally {
    closeSync(fd);
  }
}

function check(found: Stats, { mostBytes = MOST_BYTES, pipes = false }: InputLimits): void {
  if (found.isFIFO() && !pipes) throw new Error("it is a pipe, not a file");
  if (found.isFile() && found.size > mostBytes) throw tooLarge(mostBytes);
}

/** An empty one is an empty file: what is linked to /dev/null is switched off. */
function refuseDevice(found: Stats): void {
  if (!found.isFile() && !found.isFIFO()) throw new Error("it is a device, not a file");
}

function tooLarge(mostBytes: number): Error {
  return new Error(`it is larger than ${mostBytes / MB} MB`);
}

async function readWhole(file: FileHandle, found: Stats, limits: InputLimits): Promise<Buffer> {
  const bytes = collect(limits);
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES);
    if (bytesRead === 0) return bytes.all();
    refuseDevice(found);
    bytes.add(buffer.subarray(0, bytesRead));
  }
}

/** How often a pipe whose writer has nothing yet is asked again, and how long it may be without one at first. */
const PAUSE_MS = 20;
const WRITER_MS = 1000;

/** Until its writer is done, whose time is its own. */
async function readPipe(file: FileHandle, limits: InputLimits): Promise<Buffer> {
  const bytes = collect(limits);
  const latest = Date.now() + WRITER_MS;
  for (let hadWriter = false; ; ) {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const read = await file.read(chunk, 0, CHUNK_BYTES).then(
      ({ bytesRead }) => bytesRead,
      (error: NodeJS.ErrnoException) => {
        if (error.code === "EAGAIN") return null;
        throw error;
      },
    );
    if (read === 0 && hadWriter) return bytes.all();
    if (read === 0 && Date.now() > latest) throw new Error("nobody writes into it");
    if (read !== 0) hadWriter = true;
    if (read === null || read === 0) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    else bytes.add(chunk.subarray(0, read));
  }
}

async function unpack(bytes: Buffer, { mostBytes = MOST_BYTES }: InputLimits): Promise<Buffer> {
  const { gunzipSync } = await import("node:zlib");
  try {
    return gunzipSync(bytes, { maxOutputLength: mostBytes });
  } catch (error) {
    const isLarge = error instanceof RangeError;
    throw isLarge ? tooLarge(mostBytes) : new Error("its gzip data is broken", { cause: error });
  }
}

function collect({ mostBytes = MOST_BYTES }: InputLimits) {
  const chunks: Buffer[] = [];
  let length = 0;
  return {
    add: (chunk: Buffer) => {
      length += chunk.length;
      if (length > mostBytes) throw tooLarge(mostBytes);
      chunks.push(Buffer.from(chunk));
    },
    all: () => Buffer.concat(chunks),
  };
}
