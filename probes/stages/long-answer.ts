// Whether full-size segments arrive from a server whose answer is small: a longer one, of the same port or of another that speaks
// TLS, and where that stops, from which size on.

import { attemptState } from "../../src/facts/connection/attempt.ts";
import { defaultAttempt } from "../../src/facts/connection/subject.ts";
import { fullSize } from "../../src/facts/size/full-size.ts";
import { hungIn } from "../../src/facts/size/inbound-subject.ts";
import type { Attempt } from "../../src/model/connections.ts";
import type { Path } from "../../src/model/path.ts";
import type { Probe, ProbeContext } from "../../src/probe.ts";
import type { Target } from "../../src/schema/events/run.ts";
import type { TcpStage } from "../../src/schema/events/tcp.ts";
import type { Scheme } from "../../src/schema/run-choices.ts";
import { sweepInbound } from "../pmtu/inbound.ts";
import { connectionsLeft } from "../protocols/connection-limits.ts";
import { type RunningAttempt, type Siblings, startAttempt } from "../tcp/attempt.ts";
import { unverified } from "./own-request.ts";
import { settledOr } from "./settled.ts";
import type { TcpDeps } from "./tcp-stages.ts";
import { rawOf, rawWithoutCache } from "./uncached.ts";

/** Connecting, the handshake, the wait for the window and what comes behind it, on a path of 200 ms. */
const LIMIT_MS = 1500;
/** Three rounds of sizes, each with the wait for the window in it. */
const SWEEP_MS = 8000;
/** A busy server may answer one after the other, each in its own time. */
const WEB_TRIES = 3;

interface Way {
  readonly scheme: Scheme;
  readonly port: number;
  /** Nothing of the target's path is another port's. */
  readonly path: string;
  readonly tries: number;
}

/** Whose answers get longer where more is asked at once; of the others all that they have has come. */
const LONGER: readonly Scheme[] = [
  "https",
  "http",
  "git",
  "imap",
  "imaps",
  "pop3",
  "pop3s",
  "ftp",
  "postgres",
  "unknown",
];
/** Where a host that speaks TLS does so, by the number of those that do. */
const TLS_PORTS = [
  ["https", 443],
  ["https", 8443],
  ["imaps", 993],
] as const;

/**
 * After all that is measured outbound: a server that is notified of a limit offers a smaller MSS from then on. And behind the hops,
 * as the acknowledgements that are held back cost some of the few ICMP errors of the first router.
 */
export function createLongAnswerProbe(deps: TcpDeps): Probe {
  return async (context) => {
    const first = defaultAttempt(context.path());
    const target = context.path().run?.target;
    if (first === undefined || target === undefined) return;
    for (const way of waysTo(target)) {
      const open = opener(deps, context, first, target, way);
      const isStill = () => !context.signal.aborted && isWanted(context.path(), first, way);
      for (let tried = 0; tried < way.tries && isStill(); tried++) {
        if (await stops(deps, context, open)) return;
      }
    }
  };
}

/**
 * One longer answer, to its end, or until it is known from which size on it stops. Whether that was the last: a host that is
 * silent on one of its ports is behind a filter, which has no more to say on others.
 */
async function stops(deps: TcpDeps, context: ProbeContext, open: Open): Promise<boolean> {
  const attempt = open(null, "http");
  const stage = await stopOrEnd(attempt, context);
  if (stage !== null) await sweep(deps, context, { attempt, stage, open });
  const isSilent = attempt.waiting() === "connect";
  attempt.stop();
  await attempt.done;
  return stage !== null || isSilent;
}

function waysTo({ scheme, port, path }: Target): readonly Way[] {
  const tries = scheme === "https" || scheme === "http" ? WEB_TRIES : 1;
  const own = LONGER.includes(scheme) ? [{ scheme, port, path, tries }] : [];
  const others = TLS_PORTS.filter(([, number]) => number !== port);
  return [
    ...own,
    ...others.map(([name, number]) => ({ scheme: name, port: number, path: "/", tries: 1 })),
  ];
}

type Open = (mss: number | null, goal: TcpStage, siblings?: Siblings) => RunningAttempt;

function opener(
  deps: TcpDeps,
  context: ProbeContext,
  { address, family }: Attempt,
  target: Target,
  { scheme, port, path }: Way,
): Open {
  const { libc, nextAttempt, zoneIndex } = deps;
  const raw = rawWithoutCache(deps, context, { address, family, port });
  const exchange = { ...unverified(deps, target), scheme, port, path };
  return (mss, goal, siblings) =>
    startAttempt(
      libc,
      {
        ...nextAttempt(),
        purpose: mss === null ? "long-answer" : "mss-sweep",
        goal,
        address,
        family,
        port,
        exchange,
        zoneIndex: zoneIndex(address),
        mss: mss ?? raw?.mss ?? null,
        open: raw === null ? undefined : rawOf(raw.open, mss ?? raw.mss),
        firstFlightBytes: null,
        pipelined: true,
        ...(siblings === undefined ? {} : { siblings }),
      },
      context,
    );
}

/** The stage in which it stops on the way; null where it ended, or never got as far. */
async function stopOrEnd(attempt: RunningAttempt, context: ProbeContext): Promise<TcpStage | null> {
  await settledOr(() => attempt.state("http") === "stalled", attempt.done, LIMIT_MS, context);
  const stage = attempt.waiting();
  return stage === null || stage === "connect" || attempt.state(stage) !== "stalled" ? null : stage;
}

interface Stopped {
  readonly attempt: RunningAttempt;
  readonly stage: TcpStage;
  readonly open: Open;
}

/** From which size on the answer stops; sizes that stay below it finish. */
async function sweep(
  { candidates }: TcpDeps,
  context: ProbeContext,
  { attempt, stage, open }: Stopped,
): Promise<void> {
  const sizes = sweepInbound(context, {
    goal: stage,
    start: (mss, siblings) => open(mss, stage, siblings),
    candidates: candidates(context.path()),
    finished: () => attempt.state(stage) === "passed" || attempt.state(stage) === "failed",
  });
  await settledOr(() => false, sizes.decided, SWEEP_MS, context);
  await sizes.stop();
}

/** An answer came from the target itself, or a connection where that is all, and no packet of it was full-size. */
function isWanted(path: Path, attempt: Attempt, way: Way): boolean {
  const goal = path.run?.target.scheme === "tcp" ? "connect" : "http";
  if (path.requested !== null || attemptState(attempt, goal) !== "passed") return false;
  if (hungIn(attempt) !== null || connectionsLeft(path, way.port) < 1) return false;
  return fullSize(path)?.inbound.seen === false;
}
