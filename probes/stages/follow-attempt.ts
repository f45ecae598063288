// A connection followed to its end, with the inbound sweep as soon as it hangs in data.

import type { ProbeContext } from "../../src/probe.ts";
import type { TcpStage } from "../../src/schema/events/tcp.ts";
import type { Sweep } from "../pmtu/inbound.ts";
import type { RunningAttempt } from "../tcp/attempt.ts";
import { FOLLOW_MS, settledOr } from "./settled.ts";
import { startWaitLimit } from "./wait-limit.ts";

export interface Ready {
  chosen(): void;
  clear(): void;
  decided(): void;
}

export interface Next {
  startSweep(goal: TcpStage): Sweep;
  /** Once the sizes are decided, or no size is in question. */
  followUp(): Promise<void>;
  /** Whether the certificate, the answer or the lack of one suggests that somebody else answers. */
  suspectsPortal(): boolean;
  /** With the certificate or the port's silence, unless what suggests a portal comes later. */
  checkCaptivePortal(): Promise<void>;
  /** Once the default attempt has not hung: what it did not show of the inbound sizes. */
  beforeOutbound(): Promise<void>;
  readonly pathFollowed: Promise<void>;
}

/**
 * Follows the default attempt to its end and sweeps sizes as soon as it hangs in data. A SYN that
 * was lost comes first in time and must not hide a hang behind it.
 */
export async function followAttempt(
  attempt: RunningAttempt,
  context: ProbeContext,
  ready: Ready,
  next: Next,
): Promise<void> {
  const waitedEnough = startWaitLimit(attempt, context);
  let portal: Promise<void> | null = null;
  const askPortal = () => {
    if (portal !== null || !next.suspectsPortal()) return;
    portal = next.checkCaptivePortal();
    // Awaited below; until then a failure of it is nobody's.
    portal.catch(() => undefined);
  };
  const hasCertificate = () => attempt.state("tls") === "passed";
  await settledOr(hasCertificate, attempt.decided, Number.POSITIVE_INFINITY, context);
  if (hasCertificate()) askPortal();
  await attempt.decided;
  const isSilent = attempt.waiting() === "connect";
  if (isSilent) ready.clear();
  // A silent port is waited for anyway: meanwhile somebody else may answer.
  if (isSilent || attempt.state("connect") === "passed") askPortal();
  let followed: Promise<void> | undefined;
  const isSwept = await followSizes(
    attempt,
    context,
    (goal) => {
      const sweep = next.startSweep(goal);
      sweep.decided.then(ready.decided, ready.decided);
      followed = sweep.decided.then(next.followUp, next.followUp);
      return sweep;
    },
    waitedEnough,
  );
  if (!isSwept) {
    await next.beforeOutbound();
    ready.decided();
  }
  await (followed ?? next.followUp());
  // Each connection that a router refuses costs one of the few ICMP errors that it sends.
  if (portal === null && attempt.state("connect") === "failed") await next.pathFollowed;
  askPortal();
  await portal;
}

/** Follows an attempt to its end, and gives whether it hung in data, so that sizes were tried. */
export async function followSizes(
  attempt: RunningAttempt,
  context: ProbeContext,
  startSweep: (goal: TcpStage) => Sweep,
  waitedEnough = startWaitLimit(attempt, context),
): Promise<boolean> {
  const { clock, signal } = context;
  let sweep: Sweep | undefined;
  while (!signal.aborted && attempt.waiting() !== null) {
    const goal = hangsIn(attempt);
    if (sweep === undefined && goal !== null) sweep = startSweep(goal);
    if (waitedEnough()) break;
    await Promise.race([attempt.done, clock.sleep(FOLLOW_MS)]);
  }
  attempt.stop();
  await attempt.done;
  if (sweep !== undefined) await decidedOr(sweep, context);
  await sweep?.stop();
  return sweep !== undefined;
}

/**
 * On a busy machine rounds of milliseconds take seconds: what is being measured does not end as a range because the
 * default attempt has waited long enough. Far beyond what a round needs on any other machine.
 */
const SWEEP_GRACE_MS = 5000;
/** As long as it gets on it may go on, within what a user would wait for. */
const SWEEP_MAX_MS = 30_000;

/** Waits for the sizes, unless the user set how long to wait for everything. */
async function decidedOr(sweep: Sweep, context: ProbeContext): Promise<void> {
  const { clock, path, signal } = context;
  if (path().run?.options.timeoutMs != null) return;
  const startedMs = clock.now();
  const waitedMs = (fromMs: number) => clock.now() - Math.max(startedMs, fromMs);
  while (!sweep.isDecided() && !signal.aborted) {
    if (waitedMs(sweep.movedMs()) > SWEEP_GRACE_MS || waitedMs(startedMs) > SWEEP_MAX_MS) return;
    await clock.sleep(FOLLOW_MS);
  }
}

/** The stage in which data do not arrive; connecting is not about sizes, and a greeting has none worth the name. */
function hangsIn(attempt: RunningAttempt): TcpStage | null {
  const stage = attempt.waiting();
  if (stage === null || stage === "connect" || attempt.listening()) return null;
  return attempt.state(stage) === "stalled" ? stage : null;
}
