// The default attempt: what a program does first, stage by stage, with the inbound sweep when it hangs.

import type { ProxyEnvironment } from "../../src/facts/connection/proxy.ts";
import { defaultAttempt } from "../../src/facts/connection/subject.ts";
import { handshakeEnd } from "../../src/facts/connection/tls-answers.ts";
import { inboundFacts } from "../../src/facts/size/inbound.ts";
import type { Path } from "../../src/model/path.ts";
import type { ProbeContext, TcpStagesProbe } from "../../src/probe.ts";
import type { TcpPurpose, TcpStage } from "../../src/schema/events/tcp.ts";
import { isCertificateChecked } from "../../src/schemes.ts";
import { createDeferred } from "../deferred.ts";
import type { Libc } from "../native/libc.ts";
import { type Sweep, sweepInbound } from "../pmtu/inbound.ts";
import { proxyOnPath } from "../proxy/proxy-hop.ts";
import { type AttemptSpec, type RunningAttempt, startAttempt } from "../tcp/attempt.ts";
import type { ExchangeOptions } from "../tcp/exchange-events.ts";
import {
  probeForeignName,
  probeLargeHello,
  probeOtherName,
  type StartHandshake,
} from "../tcp/tls-names.ts";
import type { TlsContexts } from "../tcp/trust.ts";
import { chooseAddress, type Destination } from "./address-choice.ts";
import { checkCaptivePortal } from "./captive-portal.ts";
import { askQuic } from "./quic.ts";
import { FOLLOW_MS, settledOr } from "./settled.ts";
import { startWaitLimit } from "./wait-limit.ts";

export interface TcpDeps {
  /** The variables that name proxies. */
  readonly proxies: ProxyEnvironment;
  readonly libc: Libc;
  readonly tls: TlsContexts;
  readonly userAgent: string;
  /** Interface index of an IPv6 zone, 0 for none. */
  zoneIndex(address: string): number;
  /** MTUs that the host snapshot names, the most likely limit first. */
  candidates(path: Path): readonly number[];
  /** What the next attempt is known by. */
  nextAttempt(): Pick<AttemptSpec, "name" | "mark">;
}

interface Ready {
  clear(): void;
  decided(): void;
}

export function runTcpStages(
  deps: TcpDeps,
  context: ProbeContext,
  pathFollowed: Promise<void>,
): TcpStagesProbe {
  const clear = createDeferred();
  const decided = createDeferred();
  const ready = {
    clear: clear.fire,
    decided: () => {
      clear.fire();
      decided.fire();
    },
  };
  const done = run(deps, context, ready, pathFollowed).finally(ready.decided);
  return { clear: clear.promise, decided: decided.promise, done };
}

async function run(
  deps: TcpDeps,
  context: ProbeContext,
  ready: Ready,
  pathFollowed: Promise<void>,
): Promise<void> {
  const target = context.path().run?.target;
  if (target === undefined || target.scheme === "udp" || target.scheme === "icmp") return;
  const open = (
    to: Destination,
    purpose: TcpPurpose,
    goal: TcpStage,
    exchange: ExchangeOptions | null,
    mss: number | null = null,
    siblingProgressMs: () => number = () => 0,
    firstFlightBytes: number | null = null,
  ) =>
    startAttempt(
      deps.libc,
      {
        ...deps.nextAttempt(),
        purpose,
        goal,
        ...to,
        port: target.port,
        zoneIndex: deps.zoneIndex(to.address),
        mss,
        exchange,
        firstFlightBytes,
        siblingProgressMs,
        serverName: exchange?.serverName ?? null,
      },
      context,
    );
  const requested = context.path().requested ?? target;
  const proxy = proxyOnPath(context.path(), deps.proxies);
  const exchange = (verify: boolean): ExchangeOptions => ({
    ...requested,
    proxy,
    userAgent: deps.userAgent,
    secureContext: verify ? deps.tls.verifying : deps.tls.plain,
    verify,
    padBytes: null,
  });

  const verify = isCertificateChecked(target.scheme);
  const choice = await chooseAddress(context, {
    attempt: (address) =>
      open(address, "default", "http", target.scheme === "tcp" ? null : exchange(verify)),
    beside: (address, purpose) => open(address, purpose, "connect", null),
  });
  if (choice === undefined) return;
  const { to, attempt } = choice;
  const handshake: StartHandshake = ({ purpose, serverName, padBytes, mss }) =>
    open(
      to,
      purpose,
      "tls",
      { ...exchange(purpose === "other-name"), serverName, padBytes },
      mss,
      undefined,
      padBytes,
    );
  await followDefault(attempt, context, ready, {
    startSweep: (goal) =>
      sweepInbound(context, {
        goal,
        start: (mss, progress) => open(to, "mss-sweep", goal, exchange(false), mss, progress),
        candidates: deps.candidates(context.path()),
        finished: () => attempt.state(goal) === "passed" || attempt.state(goal) === "failed",
      }),
    followUp: () => followUp(attempt, context, handshake),
    // Port 80 of a proxy shows nothing of what answers for other addresses.
    checkCaptivePortal: () =>
      proxy === null ? checkCaptivePortal(context, deps.userAgent) : Promise.resolve(),
    pathFollowed,
  });
  await choice.end();
}

/** Ended without an answer in TLS: by a reset, or without a word. */
function wasCutOff(path: Path): boolean {
  const attempt = defaultAttempt(path);
  const end = attempt === undefined ? "unknown" : handshakeEnd(attempt);
  return end === "reset" || end === "closed";
}

interface Next {
  startSweep(goal: TcpStage): Sweep;
  /** Once the sizes are decided, or no size is in question. */
  followUp(): Promise<void>;
  /** At once where the port is silent, else after everything else. */
  checkCaptivePortal(): Promise<void>;
  readonly pathFollowed: Promise<void>;
}

/**
 * Follows the default attempt to its end and sweeps sizes as soon as it hangs in data. A SYN that
 * was lost comes first in time and must not hide a hang behind it.
 */
async function followDefault(
  attempt: RunningAttempt,
  context: ProbeContext,
  ready: Ready,
  { startSweep, followUp: next, checkCaptivePortal: portal, pathFollowed }: Next,
): Promise<void> {
  const { clock, signal } = context;
  const waitedEnough = startWaitLimit(attempt, context);
  let sweep: Sweep | undefined;
  let followed: Promise<void> | undefined;
  await attempt.decided;
  const isSilent = attempt.waiting() === "connect";
  if (isSilent) ready.clear();
  // A silent port is waited for anyway: meanwhile somebody else may answer.
  const early = isSilent ? portal() : null;
  // Awaited below; until then a failure of it is nobody's.
  early?.catch(() => undefined);
  while (!signal.aborted && attempt.waiting() !== null) {
    const goal = hangsIn(attempt);
    if (sweep === undefined && goal !== null) {
      sweep = startSweep(goal);
      sweep.decided.then(ready.decided, ready.decided);
      followed = sweep.decided.then(next, next);
    }
    if (waitedEnough()) break;
    await Promise.race([attempt.done, clock.sleep(FOLLOW_MS)]);
  }
  attempt.stop();
  await attempt.done;
  if (sweep !== undefined) await decidedOr(sweep, context);
  await sweep?.stop();
  if (sweep === undefined) ready.decided();
  await (followed ?? next());
  // Each connection that a router refuses costs one of the few ICMP errors that it sends.
  if (early === null && attempt.state("connect") === "failed") await pathFollowed;
  await (early ?? portal());
}

/**
 * What the first answer, or its absence, makes worth probing; each probe only where it decides
 * something, and none before the inbound sizes are known.
 */
async function followUp(
  attempt: RunningAttempt,
  context: ProbeContext,
  start: StartHandshake,
): Promise<void> {
  const path = context.path();
  if (context.signal.aborted || path.run?.target.scheme !== "https") return;
  if (attempt.state("connect") !== "passed") return;
  const state = attempt.state("tls");
  const hangs = state === "stalled" && inboundFacts(path).everySizeHangs;
  const cut = state === "failed" && wasCutOff(context.path());
  if (hangs || cut) await probeOtherName(context, start);
  if (state !== "passed") return;
  await Promise.all([
    probeForeignName(context, start),
    probeLargeHello(context, start),
    ...(path.requested === null ? [askQuic(context)] : []),
  ]);
}

/**
 * On a busy machine rounds of milliseconds take seconds: what is being measured does not end as a range because the
 * default attempt has waited long enough. Far beyond what three rounds need on any other machine.
 */
const SWEEP_GRACE_MS = 5000;

/** Waits for the sizes, unless the user set how long to wait for everything. */
async function decidedOr(sweep: Sweep, context: ProbeContext): Promise<void> {
  if (context.path().run?.options.timeoutMs != null) return;
  let isDecided = false;
  const decided = sweep.decided.finally(() => {
    isDecided = true;
  });
  await settledOr(() => isDecided, decided, SWEEP_GRACE_MS, context);
}

/** The stage in which data do not arrive; connecting is not about sizes, and a greeting has none worth the name. */
function hangsIn(attempt: RunningAttempt): TcpStage | null {
  const stage = attempt.waiting();
  if (stage === null || stage === "connect" || attempt.listening()) return null;
  return attempt.state(stage) === "stalled" ? stage : null;
}
