// Whoever reads the output has seen enough, as `| head -1` has: that is no error of ours.

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
