// Connections of which several leave from the same source ports, one after the other: each port is a flow of its own.

import { lastInfo } from "../../src/facts/connection/attempt.ts";
import { linkMtuTo } from "../../src/facts/connection/subject.ts";
import { tookAll } from "../../src/facts/size/flow-tries.ts";
import { inboundSubject } from "../../src/facts/size/inbound-subject.ts";
import type { Attempt } from "../../src/model/connections.ts";
import type { ProbeContext } from "../../src/probe.ts";
import type { Family } from "../../src/schema/events/common.ts";
import type { TcpPurpose } from "../../src/schema/events/tcp.ts";
import type { LocalPort } from "../native/tcp-socket.ts";
import { proxyOnPath } from "../proxy/proxy-hop.ts";
import { unverified } from "../stages/own-request.ts";
import { FOLLOW_MS } from "../stages/settled.ts";
import type { TcpDeps } from "../stages/tcp-stages.ts";
import { type RunningAttempt, type Siblings, startAttempt } from "../tcp/attempt.ts";

export interface Flow {
  readonly from: LocalPort;
}

export interface FlowSpec {
  readonly flow: Flow;
  /** What it offers, and sends at most; null: the kernel's own. */
  readonly mss: number | null;
  /** Whether its first flight fills more than a segment. */
  readonly isPadded: boolean;
}

/**
 * One connection of each, at once; settles when all are over.
 * @param hangsMs how long one may hang after any got on
 */
export type TryFlows = (specs: readonly FlowSpec[], hangsMs: number) => Promise<void>;

/** What hangs is given so many times what the slowest answer took. */
const SLOWER = 3;
/** How long an answer may take at least. */
const PATIENCE_MS = 250;
/** Nothing takes longer, on any machine. */
const LIMIT_MS = 6000;
/** What the server is given to see a connection end before the next one takes its port. */
const CLOSING_MS = 30;
/** Beside one full segment. */
const BEYOND_BYTES = 100;

export function openFlows(
  deps: TcpDeps,
  context: ProbeContext,
  first: Attempt,
  count: number,
): { readonly flows: readonly Flow[]; readonly isPipelined: boolean; readonly round: TryFlows } {
  const { address, family, port } = first;
  const { clock, signal, path } = context;
  const target = path().requested ?? path().run?.target;
  const flows = Array.from({ length: count }, () => ({ from: { number: 0 } }));
  // Whose answer is small fills no segment: of many at once it does.
  const isLonger = inboundSubject(path())?.purpose === "long-answer";
  const isPlain = ({ purpose, address: to }: Attempt) => to === address && PLAIN.includes(purpose);
  const isPipelined = isLonger || !path().attempts.some((one) => isPlain(one) && tookFull(one));
  let slowestMs = Math.max(0, ...path().attempts.map(answeredAfterMs));
  const start = ({ flow, mss, isPadded }: FlowSpec, siblings: Siblings): RunningAttempt | null => {
    if (target === undefined) return null;
    const padBytes = isPadded ? (mss ?? linkMtuTo(path(), address) ?? 0) + BEYOND_BYTES : null;
    const proxy = proxyOnPath(path(), deps.proxies);
    return startAttempt(
      deps.libc,
      {
        ...deps.nextAttempt(),
        ...flow,
        purpose: "size-flow",
        goal: "http",
        family,
        address,
        port,
        zoneIndex: deps.zoneIndex(address),
        mss,
        firstFlightBytes: padBytes,
        exchange: { ...unverified(deps, target), proxy, padBytes },
        siblings,
        pipelined: isPipelined,
      },
      context,
    );
  };

  let closedMs = Number.NEGATIVE_INFINITY;
  const round: TryFlows = async (specs, hangsMs) => {
    await clock.sleep(Math.max(0, closedMs + CLOSING_MS - clock.now()));
    if (signal.aborted) return;
    let movedMs = clock.now();
    const siblings = {
      progressMs: () => movedMs,
      patienceMs: () => Math.max(PATIENCE_MS, 2 * slowestMs),
    };
    const tryOne = async (spec: FlowSpec) => {
      const attempt = start(spec, siblings);
      if (attempt === null) return;
      const startedMs = clock.now();
      const isLate = () => {
        const limitMs = Math.max(hangsMs, SLOWER * slowestMs);
        return clock.now() - movedMs > limitMs || clock.now() - startedMs > LIMIT_MS;
      };
      const isOpen = () =>
        attempt.waiting() !== null && !isFull(attempt, spec, family) && !isLate();
      let isDecided = false;
      const decide = () => {
        isDecided = true;
      };
      attempt.decided.then(decide, decide);
      while (
        (isOpen() || !(isDecided || isFull(attempt, spec, family) || isLate())) &&
        !signal.aborted
      ) {
        await clock.sleep(FOLLOW_MS);
      }
      if (attempt.state("http") === "passed" || isFull(attempt, spec, family)) {
        movedMs = clock.now();
        slowestMs = Math.max(slowestMs, movedMs - startedMs);
      }
      attempt.stop();
      await attempt.done;
    };
    await Promise.all(specs.map(tryOne));
    closedMs = clock.now();
  };
  return { flows, isPipelined, round };
}

/** A full-size segment came, so that the first flight has arrived, too. */
function isFull(attempt: RunningAttempt, { mss }: FlowSpec, family: Family): boolean {
  const info = attempt.info();
  return info !== null && tookAll(info, family, mss);
}

/** As programs connect, or the sweep does where that hung. */
const PLAIN: readonly TcpPurpose[] = ["default", "other-name", "mss-sweep", "large-hello"];

/** Whether a segment came that is as large as it offered to take. */
export function tookFull(attempt: Attempt): boolean {
  const info = lastInfo(attempt);
  return info !== null && tookAll(info, attempt.family, attempt.mss);
}

/** Of an answer that nothing kept waiting; 0 where none came. */
function answeredAfterMs({ stages, stalls }: Attempt): number {
  if (stalls.length > 0) return 0;
  return stages.findLast(({ result }) => result.kind === "ok")?.sinceStartMs ?? 0;
}
