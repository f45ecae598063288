// What ends a run early: a signal, a reader who left, a key.

import { setMaxListeners } from "node:events";
import { EXIT } from "../errors.ts";
import { onReaderGone } from "../output-end.ts";
import { replaceLostTerminalsAtExit } from "./lost-terminal.ts";

/** More than ever wait at once; beyond, a warning about a leak would be right. */
export const MAX_WAITS = 200;

/** Signals that end a run early, with their exit codes (128 + number). */
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGQUIT: 131, SIGTERM: 143 } as const;
/** What ends no run, and a program may be waiting for. */
const HANDED_ON = ["SIGUSR1", "SIGUSR2"] as const;
const UNWRITTEN = "standard output could not be written whole";
/** As the signal of the same key would. */
export const CTRL_C_CODE = SIGNALS.SIGINT;

export interface Ending {
  /** Every wait of a run listens to it. */
  readonly signal: AbortSignal;
  /** The exit code of what ended the run early; null while nothing did. */
  code(): number | null;
  /** @param code null leaves the verdict so far its own */
  endEarly(code: number | null, reason: Error): void;
  /** From now on a program gets the signals: they end nothing here, and nor does a reader who left give an exit code. */
  handOver(receive: (signal: NodeJS.Signals) => void): void;
}

export function listenForEnd(own: Pick<NodeJS.Process, "on" | "stdout" | "stderr">): Ending {
  const abort = new AbortController();
  setMaxListeners(MAX_WAITS, abort.signal);
  let first: number | null = null;
  let receiver: ((signal: NodeJS.Signals) => void) | null = null;
  const endEarly = (code: number | null, reason: Error) => {
    if (receiver === null) first ??= code;
    abort.abort(reason);
  };
  const handOver = (receive: (signal: NodeJS.Signals) => void) => {
    receiver = receive;
    for (const name of HANDED_ON) own.on(name, receive);
  };
  for (const name of ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM"] as const) {
    own.on(name, () => {
      if (receiver === null) endEarly(SIGNALS[name], new Error(name));
      else receiver(name);
    });
  }
  onReaderGone(own.stdout, endEarly, (error) => {
    if (first === null) own.stderr.write(`wsl-trace: ${UNWRITTEN} (${error.message})\n`);
    endEarly(EXIT.inconclusive, error);
  });
  onReaderGone(own.stderr, endEarly, (error) => endEarly(EXIT.inconclusive, error));
  replaceLostTerminalsAtExit(own);
  return { signal: abort.signal, code: () => first, endEarly, handOver };
}
