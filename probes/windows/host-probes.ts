// The Windows host probes the same from its side, at the same time; what this side finds decides what else it probes.

import { attemptState } from "../../src/facts/connection/attempt.ts";
import { defaultAttempt, isConnected, tracedAddress } from "../../src/facts/connection/subject.ts";
import type { HostProbes, ProbeContext, TcpStagesProbe } from "../../src/probe.ts";
import type { HostProbe, HostProbeResult } from "../../src/schema/events/host-probe.ts";
import {
  type HostQuestion,
  nameQuestions,
  neighbourQuestions,
  segmentQuestions,
  serviceQuestions,
  sizeQuestions,
  targetQuestions,
} from "./host-probe-plan.ts";
import { readHostProbe } from "./host-probe-results.ts";
import type { FoundProber } from "./host-prober.ts";
import { type HostWatch, startHostWatch } from "./host-watch.ts";
import type { HostProber } from "./prober.ts";

/** Finds a prober on the host; null: none is wanted. */
export type FindProber = (signal: AbortSignal) => Promise<FoundProber>;

export interface HostProbesDeps {
  find: FindProber | null;
  /** The clock's reading when the run began. */
  readonly runStartMs: number;
}

/** Starts looking at once, so that whoever answers there is ready when the target is known. */
export function startHostProbes(deps: HostProbesDeps, context: ProbeContext): HostProbes {
  const over = new AbortController();
  const signal = AbortSignal.any([context.signal, over.signal]);
  // A run that only reads lets Windows send nothing either.
  const search = context.path().run?.command === "env" ? null : deps.find;
  const ready = search === null ? Promise.resolve(null) : find(search, context, signal);
  let prober: HostProber | null = null;
  ready.then((found) => {
    prober = found;
    if (signal.aborted) found?.close();
  }, ignore);
  // Whoever waits for an answer then has it at once: that there is none.
  signal.addEventListener("abort", () => prober?.close(), { once: true });
  const ask = async (questions: readonly HostQuestion[]): Promise<void> => {
    const found = await ready;
    if (found === null || signal.aborted || questions.length === 0) return;
    await askAll(found, questions, deps, context, signal);
  };
  const watch = async (): Promise<HostWatch | null> => {
    const found = await ready;
    const address = tracedAddress(context.path());
    if (found === null || address === undefined || signal.aborted) return null;
    return startHostWatch(found, address, context, deps.runStartMs);
  };
  return {
    names: () => ask(nameQuestions(context.path())),
    follow: (tcp) => (search === null ? Promise.resolve() : follow(tcp, context, ask, watch)),
    reach: (addresses) => ask(serviceQuestions(context.path(), addresses)),
    close: () => over.abort(),
  };
}

const ignore = () => undefined;

async function find(
  search: FindProber,
  { emit }: ProbeContext,
  signal: AbortSignal,
): Promise<HostProber | null> {
  const found = await search(signal);
  if (signal.aborted) {
    if (found.kind === "prober") found.prober.close();
    return null;
  }
  if (found.kind === "none") {
    // A machine without Windows lacks nothing.
    if (found.code !== "not-wsl") {
      emit({ kind: "host-prober", by: null, languageMode: null, reason: found.reason });
    }
    return null;
  }
  const { by, languageMode } = found.prober;
  emit({ kind: "host-prober", by, languageMode, reason: null });
  return found.prober;
}

type Ask = (questions: readonly HostQuestion[]) => Promise<void>;

/**
 * 1. The target, beside this side's own attempt, while Windows counts its packets where it may. 2. Without a
 * connection here: the hops and routers that distinguish the segments. 3. With one that hangs: the handshake and sizes.
 * 4. Where the run fails, what was counted. A run that gets its answer waits for none of it.
 */
async function follow(
  tcp: TcpStagesProbe,
  context: ProbeContext,
  ask: Ask,
  watch: () => Promise<HostWatch | null>,
): Promise<void> {
  const watching = watch();
  watching.catch(ignore);
  const first = watching.then(() => ask(targetQuestions(context.path())));
  first.catch(ignore);
  await tcp.clear;
  if (!isConnected(context.path())) {
    await first;
    await Promise.race([ask(segmentQuestions(context.path())), connected(tcp, context)]);
    if (!isConnected(context.path())) await ask(neighbourQuestions(context.path()));
    await (await watching)?.report();
    return;
  }
  await tcp.decided;
  if (!isHanging(context)) {
    watching.then((started) => started?.stop()).catch(ignore);
    return;
  }
  await first;
  await ask(sizeQuestions(context.path()));
  await (await watching)?.report();
}

/** Settles when this side got its connection after all; never when it did not. */
async function connected(tcp: TcpStagesProbe, context: ProbeContext): Promise<void> {
  await tcp.decided;
  if (!isConnected(context.path())) await new Promise<never>(ignore);
}

function isHanging({ path }: ProbeContext): boolean {
  const attempt = defaultAttempt(path());
  return attempt !== undefined && attemptState(attempt, "http") !== "passed";
}

/** In ConstrainedLanguage one waits for the other. */
const MOST_IN_TURN = 6;

async function askAll(
  prober: HostProber,
  wanted: readonly HostQuestion[],
  { runStartMs }: HostProbesDeps,
  { emit, clock }: ProbeContext,
  signal: AbortSignal,
): Promise<void> {
  const sentAtMs = clock.now() - runStartMs;
  let lost: string | null = null;
  const limited = prober.languageMode !== null && prober.languageMode !== "FullLanguage";
  const questions = limited ? wanted.slice(0, MOST_IN_TURN) : wanted;
  const replies = prober.ask(questions.map(({ question }) => question));
  await Promise.all(
    replies.map(async (reply, n) => {
      const reported = await reply;
      const asked = questions[n];
      if (asked === undefined || signal.aborted) return;
      if (reported.kind === "failed") {
        lost ??= reported.reason;
        return;
      }
      const one: HostProbeResult | null = readHostProbe(asked.question, reported.answer);
      if (one === null) return;
      const probe: HostProbe = {
        kind: "host-probe",
        purpose: asked.purpose,
        sentAtMs,
        tookMs: reported.answer.ms,
        try: one,
      };
      emit(probe);
    }),
  );
  if (lost === null || signal.aborted) return;
  const { by, languageMode } = prober;
  emit({ kind: "host-prober", by, languageMode, reason: lost });
}
