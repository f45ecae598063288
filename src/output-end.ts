// Whoever reads the output: gone, as `| head -1` is when it has seen enough and a closed window is, or slow.

import { once } from "node:events";
import type { Writable } from "node:stream";

/** 128 + SIGPIPE, which Node ignores. */
const BROKEN_PIPE_CODE = 141;
/** 128 + SIGHUP, which may come after the first write that fails. */
const LOST_TERMINAL_CODE = 129;

/** What a reader who is gone makes of a write (write(2)): a pipe's, and a terminal's. */
const READER_GONE: Readonly<Record<string, number>> = {
  EPIPE: BROKEN_PIPE_CODE,
  EIO: LOST_TERMINAL_CODE,
  ENXIO: LOST_TERMINAL_CODE,
};

/**
 * @param then may be called again: each further write is refused too
 * @param otherwise for what is no reader's doing, such as a full disk
 */
export function onReaderGone(
  stream: Writable,
  then: (exitCode: number, error: Error) => void,
  otherwise: (error: Error) => void,
): void {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    const code = READER_GONE[error.code ?? ""];
    if (code === undefined) otherwise(error);
    else then(code, error);
  });
}

/** Resolves when there is room again for what is to be written, or when nobody waits for it any more. */
export async function whenDrained(stream: Writable, signal: AbortSignal): Promise<void> {
  if (stream.writableNeedDrain && !signal.aborted) {
    await once(stream, "drain", { signal }).catch(() => undefined);
  }
}
