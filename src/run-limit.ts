// The one limit of a whole run: whatever a probe waits for, the run ends, with what was found so far.

import { setMaxListeners } from "node:events";
import type { Clock } from "./clock.ts";
import type { RunCommand, RunOptions } from "./schema/events/run.ts";

/** The longest runs of the lab, through a path that loses every third packet, take three quarters of a minute. */
const LIMIT_MS = 90_000;
/** Every hop at every size, in turns of a second that the routers' rate limits set. */
const SIZES_LIMIT_MS = 180_000;
/** Each further flow is followed hop by hop, with a turn of a second for a probe and one for its repetition. */
const FLOW_MS = 5000;
/** More packets than any run sends, at the rate that the user set. */
const PACKETS = 1000;
/** The default attempt, and the connections that repeat it, may each hang as long as the user allows. */
const HANGS = 3;
const MS_PER_SECOND = 1000;

/** How long a run may take, in milliseconds; what the user asked for beside the usual has its own time. */
export function runLimitMs(
  { timeoutMs, flows, rate }: Pick<RunOptions, "timeoutMs" | "flows" | "rate">,
  command: RunCommand | undefined,
): number {
  const paced = rate === undefined ? 0 : (PACKETS / rate) * MS_PER_SECOND;
  const usual = command === "mtu" ? SIZES_LIMIT_MS : LIMIT_MS;
  return usual + HANGS * (timeoutMs ?? 0) + (flows - 1) * FLOW_MS + paced;
}

/** What probes are given to clean up once the run is to end; who needs longer is left behind. */
const CLEAN_UP_MS = 3000;
/** More than ever wait at once; beyond, a warning about a leak would be right. */
const MAX_WAITS = 200;

export interface RunLimit {
  /** Aborted with the user's own signal, and at the limit. */
  readonly signal: AbortSignal;
  /**
   * Settles with the work; when the run is to end, no later than what is given to clean up.
   * @throws what the work throws before then
   */
  until(work: Promise<void>): Promise<void>;
  /** The run is over, and nothing is waited for any more. */
  release(): void;
}

/** @param signal the user's own; @param limitMs from now on */
export function startRunLimit(clock: Clock, signal: AbortSignal, limitMs: number): RunLimit {
  const end = new AbortController();
  const over = new AbortController();
  setMaxListeners(MAX_WAITS, end.signal, over.signal);
  const stop = () => end.abort(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  const seconds = Math.round(limitMs / MS_PER_SECOND);
  // Rejected where the run was over before.
  clock.sleep(limitMs, over.signal).then(
    () => end.abort(new Error(`at its limit of ${seconds} s`)),
    () => undefined,
  );
  const ended = new Promise<void>((resolve) => {
    if (end.signal.aborted) resolve();
    end.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  return {
    signal: end.signal,
    until: async (work) => {
      const cleaned = ended.then(() => clock.sleep(CLEAN_UP_MS, over.signal));
      // Rejected where the work was done first.
      cleaned.catch(() => undefined);
      await Promise.race([work, cleaned]);
    },
    release: () => {
      over.abort();
      signal.removeEventListener("abort", stop);
    },
  };
}
