// What ends a run early: a signal, a reader who left, a key.

import { setMaxListeners } from "node:events";
import { onBrokenPipe } from "../output-end.ts";

/** More than ever wait at once; beyond, a warning about a leak would be right. */
const MAX_WAITS = 200;

/** Signals that end a run early, with their exit codes (128 + number). */
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
/** As the signal of the same key would. */
export const CTRL_C_CODE = SIGNALS.SIGINT;

export interface Ending {
  /** Every wait of a run listens to it. */
  readonly signal: AbortSignal;
  /** The exit code of what ended the run early; null while nothing did. */
  code(): number | null;
  /** @param code null leaves the verdict so far its own */
  endEarly(code: number | null, reason: Error): void;
}

export function listenForEnd(own: Pick<NodeJS.Process, "on" | "stdout">): Ending {
  const abort = new AbortController();
  setMaxListeners(MAX_WAITS, abort.signal);
  let first: number | null = null;
  const endEarly = (code: number | null, reason: Error) => {
    first ??= code;
    abort.abort(reason);
  };
  for (const [name, code] of Object.entries(SIGNALS)) {
    own.on(name, () => endEarly(code, new Error(name)));
  }
  onBrokenPipe(own.stdout, endEarly);
  return { signal: abort.signal, code: () => first, endEarly };
}
