// One TCP connection followed from SYN to first bytes, with what the kernel knows of it at each stage.

import {
  type AttemptState,
  arrivedOutOfOrder,
  attemptState,
  SYN_RTO_MS,
} from "../../src/facts/connection/attempt.ts";
import type { Attempt } from "../../src/model/path.ts";
import type { ProbeContext } from "../../src/probe.ts";
import type { Family } from "../../src/schema/events/common.ts";
import type { TcpInfo, TcpPurpose, TcpResult, TcpStage } from "../../src/schema/events/tcp.ts";
import { createDeferred } from "../deferred.ts";
import type { Libc } from "../native/libc.ts";
import { wasAccepted } from "../native/tcp-info.ts";
import { openTcp, type TcpSocket } from "../native/tcp-socket.ts";
import { type ClientHelloOptions, type Exchange, startExchange } from "./exchange.ts";

export interface AttemptSpec {
  readonly name: string;
  readonly purpose: TcpPurpose;
  readonly family: Family;
  readonly address: string;
  readonly port: number;
  readonly zoneIndex: number;
  readonly mss: number | null;
  /** What is spoken after connect; null ends the attempt there. */
  readonly clientHello: ClientHelloOptions | null;
  readonly firstFlightBytes: number | null;
  /** Told where it is not the target's own. */
  readonly serverName?: string | null;
  /** The stage that settles `decided`; what comes after it is only watched. */
  readonly goal: TcpStage;
  /**
   * When a sibling to the same server last got on, on the clock's time: a server that computes
   * one handshake after the other is busy, not silent.
   */
  siblingProgressMs?(): number;
}

export interface RunningAttempt {
  readonly name: string;
  /** Settles when the attempt passed, failed or first stalled, or was stopped. */
  readonly decided: Promise<void>;
  /** Settles when nothing more comes of it. */
  readonly done: Promise<void>;
  state(goal: TcpStage): AttemptState;
  /** The stage it waits in; null when it is over or has a whole answer. */
  waiting(): TcpStage | null;
  info(): TcpInfo | null;
  /** Ends it now; a stage that was waiting has then had no reply. */
  stop(): void;
}

/** Polling: fine while the first flights are on their way, then coarser. */
const POLL = [
  { untilMs: 200, everyMs: 1 },
  { untilMs: 1000, everyMs: 5 },
  { untilMs: Number.POSITIVE_INFINITY, everyMs: 20 },
] as const;

/**
 * When waiting counts as a stall. With data out of order the far side has answered, and a too-big
 * message would have healed it within one more round trip; without, it may just be thinking.
 */
function stallAfterMs(stage: TcpStage, info: TcpInfo, outOfOrder: boolean): number {
  if (stage === "connect") return SYN_RTO_MS;
  return outOfOrder ? 2 * info.rttMs + 10 : 3 * info.rttMs + THINKING_MS;
}

/** How long an answer must be silent to be taken for complete. */
function quietAfterMs(info: TcpInfo): number {
  return 2 * info.rttMs + 30;
}

/** What a server is given to compute a handshake before its silence means anything. */
const THINKING_MS = 60;

/** Starts an attempt; everything that happens to it is emitted. */
export function startAttempt(libc: Libc, spec: AttemptSpec, context: ProbeContext): RunningAttempt {
  const { clock, emit } = context;
  const startedMs = clock.now();
  const sinceStart = () => clock.now() - startedMs;
  let socket: TcpSocket | null = null;
  let exchange: Exchange | null = null;
  let stage: TcpStage = "connect";
  let stageStartMs = 0;
  let stageInfo: TcpInfo | null = null;
  let latest: TcpInfo | null = null;
  let progressKey = "";
  let progressMs = 0;
  let stalled = false;
  let gap = false;
  let open = true;
  const decided = createDeferred();
  const done = createDeferred();

  const { name: attempt, purpose, address, family, port, mss, firstFlightBytes } = spec;
  const named = spec.serverName == null ? {} : { serverName: spec.serverName };
  const to = { address, family, port };
  emit({ kind: "tcp-started", attempt, purpose, ...to, mss, firstFlightBytes, ...named });

  const read = () => {
    if (open && socket !== null) latest = socket.info() ?? latest;
    return latest;
  };
  const endStage = (result: TcpResult) => {
    const info = read();
    const ms = sinceStart() - stageStartMs;
    emit({ kind: "tcp-stage", attempt, stage, sinceStartMs: sinceStart(), ms, result, info });
  };
  const begin = (next: TcpStage) => {
    stage = next;
    stageStartMs = sinceStart();
    stageInfo = latest;
    progressMs = stageStartMs;
    stalled = false;
  };
  const finish = (complete = false) => {
    if (!open) return;
    read();
    open = false;
    emit({ kind: "tcp-ended", attempt, complete, sinceStartMs: sinceStart(), info: latest });
    if (exchange !== null) exchange.destroy();
    else socket?.close();
    decided.fire();
    done.fire();
  };
  const fail = (result: TcpResult) => {
    endStage(result);
    finish();
  };

  const watchProgress = (info: TcpInfo) => {
    const key = `${info.bytesAcked}/${info.bytesReceived}`;
    if (key === progressKey) return;
    progressKey = key;
    progressMs = sinceStart();
  };

  const watchStall = () => {
    const info = read();
    if (info === null || stalled) return;
    watchProgress(info);
    gap = stage !== "connect" && arrivedOutOfOrder(info, stageInfo);
    const waitedMs = sinceStart() - progressMs;
    if (exchange?.answered() && !gap) {
      // An answer that stops without a gap is a whole one on a connection that stays open.
      if (waitedMs > quietAfterMs(info)) decided.fire();
      return;
    }
    const busyMs = gap ? waitedMs : clock.now() - (spec.siblingProgressMs?.() ?? 0);
    if (Math.min(waitedMs, busyMs) <= stallAfterMs(stage, info, gap)) return;
    stalled = true;
    emit({ kind: "tcp-stalled", attempt, stage, sinceStartMs: sinceStart(), info });
    decided.fire();
  };

  const converse = (fd: number, clientHello: ClientHelloOptions) => {
    begin(firstStage(clientHello));
    exchange = startExchange(fd, clientHello, {
      secured: (certificate) => {
        if (certificate !== null) emit({ kind: "certificate", attempt, ...certificate });
        endStage({ kind: "ok", detail: certificate?.protocol ?? "TLS" });
        if (spec.goal === "tls") decided.fire();
        begin("http");
      },
      answered: (status, { altSvc, location, date }) => {
        endStage({ kind: "ok", detail: status });
        if (altSvc !== null) emit({ kind: "alt-svc", attempt, value: altSvc });
        const code = /^HTTP\/\S+ (\d{3})/.exec(status)?.[1];
        if (spec.purpose === "default" && code !== undefined) {
          emit({ kind: "http-answer", attempt, status: Number(code), location, date });
        }
      },
      ended: (result) => {
        if (!open) return;
        if (result === null) finish(true);
        else fail(result);
      },
    });
  };

  const onConnected = () => {
    endStage({ kind: "ok", detail: `${address} port ${port}` });
    if (spec.clientHello === null || socket === null) finish();
    else converse(socket.fd, spec.clientHello);
  };

  const onError = (code: string) => {
    const reset = { kind: "failed", code, detail: describe(code) } as const;
    // Refused is another error: this reset came after the SYN-ACK, so the port is open.
    if (code === "ECONNRESET" && spec.clientHello !== null) {
      endStage({ kind: "ok", detail: `${address} port ${port}` });
      begin(firstStage(spec.clientHello));
    }
    fail(reset);
  };

  const tick = () => {
    if (socket === null || exchange !== null) return;
    const error = socket.takeError();
    const info = read();
    if (error !== null) onError(error);
    else if (info !== null && wasAccepted(info)) onConnected();
  };

  const follow = async () => {
    const opened = openTcp(libc, spec, mss, [], undefined, (fd) => {
      context.connecting?.({ ...spec, fd });
    });
    if (opened.kind === "failed") {
      fail({ kind: "failed", code: opened.error, detail: describe(opened.error) });
      return;
    }
    socket = opened.socket;
    while (open && !context.signal.aborted) {
      tick();
      if (open) watchStall();
      const age = sinceStart();
      const rateLimit = POLL.find((step) => age < step.untilMs);
      if (open) await clock.sleep(rateLimit?.everyMs ?? 20);
    }
    finish();
  };
  const following = follow();

  return {
    name: attempt,
    decided: decided.promise,
    done: Promise.all([done.promise, following]).then(() => undefined),
    state: (goal) => {
      const seen: Attempt | undefined = context
        .path()
        .attempts.find((candidate) => candidate.attempt === attempt);
      return seen === undefined ? "pending" : attemptState(seen, goal);
    },
    waiting: () => {
      if (!open) return null;
      return exchange?.answered() && !gap ? null : stage;
    },
    info: () => latest,
    stop: () => {
      if (!open) return;
      const unknown = context.signal.aborted && !stalled;
      if (exchange?.answered() || isPast(stage, spec.goal) || unknown) finish();
      else fail({ kind: "no-reply", waitedMs: sinceStart() - stageStartMs });
    },
  };
}

function firstStage({ scheme }: ClientHelloOptions): TcpStage {
  return scheme === "https" ? "tls" : "http";
}

function isPast(stage: TcpStage, goal: TcpStage): boolean {
  return goal === "tls" && stage === "http";
}

const CONNECT_ERRORS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the port is closed: the answer was a reset",
  EHOSTUNREACH: "host unreachable",
  ENETUNREACH: "network unreachable: no route",
  ETIMEDOUT: "no answer to any SYN",
  EACCES: "prohibited by a filter",
  EPERM: "dropped by a filter of this distro",
  ECONNRESET: "reset",
};

function describe(error: string): string {
  return CONNECT_ERRORS[error] ?? error;
}
