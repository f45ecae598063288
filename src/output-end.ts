// Whoever reads the output: gone, as `| head -1` is when it has seen enough, or slow.

import { once } from "node:events";
import type { Writable } from "node:stream";

/** 128 + SIGPIPE, which Node ignores. */
const BROKEN_PIPE_CODE = 141;

/** @param then may be called again: each further write is refused too */
export function onBrokenPipe(
  stream: Writable,
  then: (exitCode: number, error: Error) => void,
): void {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    then(BROKEN_PIPE_CODE, error);
  });
}

/** Resolves when there is room again for what is to be written, or when nobody waits for it any more. */
export async function whenDrained(stream: Writable, signal: AbortSignal): Promise<void> {
  if (stream.writableNeedDrain && !signal.aborted) {
    await once(stream, "drain", { signal }).catch(() => undefined);
  }
}
