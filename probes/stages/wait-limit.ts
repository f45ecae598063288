// How long the default attempt may hang before it is given up.

import { MAX_HANG_MS, recoveryLimitMs } from "../../src/facts/size/recovery.ts";
import type { ProbeContext } from "../../src/probe.ts";
import type { RunningAttempt } from "../tcp/attempt.ts";

/** While not even a SYN-ACK came, three SYNs (0, 1 and 3 s) are given their chance. */
const CONNECT_LIMIT_MS = 3500;

/** Starts to wait; the function returned, asked again and again, says whether it has been long enough. */
export function startWaitLimit(attempt: RunningAttempt, context: ProbeContext): () => boolean {
  const { clock } = context;
  let fromMs = clock.now();
  let wasListening = attempt.listening();
  return () => {
    const isListening = attempt.listening();
    // What comes after a late greeting has its own time.
    if (wasListening && !isListening) fromMs = clock.now();
    wasListening = isListening;
    return clock.now() - fromMs >= limitMs(attempt, context);
  };
}

/** What the user gave, else what follows from the round-trip time and from what is waited for; in milliseconds. */
function limitMs(attempt: RunningAttempt, context: ProbeContext): number {
  const asked = context.path().run?.options.timeoutMs ?? null;
  if (asked !== null) return asked;
  if (attempt.state("connect") !== "passed") return CONNECT_LIMIT_MS;
  // Servers that look up who is calling, or make spammers wait (postscreen: 6 s), greet late.
  if (attempt.listening()) return MAX_HANG_MS;
  return recoveryLimitMs(attempt.rttMs() ?? 0);
}
