// One TCP connection from SYN to first bytes: the socket and the clock around what attempt-state.ts decides.

import { type AttemptState, attemptState } from "../../src/facts/connection/attempt.ts";
import type { Attempt } from "../../src/model/connections.ts";
import type { ProbeContext } from "../../src/probe.ts";
import type { EventBody } from "../../src/schema/event.ts";
import type { Family } from "../../src/schema/events/common.ts";
import type { TcpInfo, TcpPurpose, TcpStage } from "../../src/schema/events/tcp.ts";
import { createDeferred } from "../deferred.ts";
import type { Connection, ConnectionOpen } from "../native/connection.ts";
import type { Libc } from "../native/libc.ts";
import { setMark } from "../native/mark.ts";
import { type LocalPort, openTcp, RESET_AT_END } from "../native/tcp-socket.ts";
import type { Happening } from "./attempt-input.ts";
import {
  type AttemptProgress,
  type AttemptSubject,
  isListening,
  startProgress,
  step,
  waitingStage,
} from "./attempt-state.ts";
import { startExchange } from "./exchange.ts";
import type { Exchange, ExchangeEvents, ExchangeOptions } from "./exchange-events.ts";
import { roundTripMs } from "./movement.ts";
import { openWhenFree, reportNotMade } from "./open-attempt.ts";

export interface AttemptSpec {
  readonly name: string;
  readonly purpose: TcpPurpose;
  readonly family: Family;
  readonly address: string;
  readonly port: number;
  readonly zoneIndex: number;
  readonly mss: number | null;
  /** What is spoken after connect; null ends the attempt there. */
  readonly exchange: ExchangeOptions | null;
  readonly firstFlightBytes: number | null;
  /** Whether many requests are made at once, in the web's protocols. */
  readonly pipelined?: boolean;
  /** SO_MARK of its packets; absent: that of its socket. */
  readonly mark?: number | undefined;
  /** Told where it is not the target's own. */
  readonly serverName?: string | null;
  /** Opens a connection of our own in place of the kernel's. */
  readonly open?: ((mark: number | undefined) => ConnectionOpen) | undefined;
  /** The port to leave from; the connection then ends with a reset, so that the next one can take it at once. */
  readonly from?: LocalPort;
  /** The stage that settles `decided`; what comes after it is only watched. */
  readonly goal: TcpStage;
  /** What connections to the same server show of it; absent where there are none. */
  readonly siblings?: Siblings;
}

export interface Siblings {
  /**
   * When one of them last got on, on the clock's time: a server that computes one handshake after the
   * other is busy, not silent.
   */
  progressMs(): number;
  /** How long an answer may take that is not lost, by how long theirs took. */
  patienceMs(): number;
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
  /** The kernel's measurement, else how long connecting took; null before that. */
  rttMs(): number | null;
  /** Whether it waits for nothing but the server's greeting. */
  listening(): boolean;
  /** Whether the message that was to be padded has been sent. */
  largeSent(): boolean;
  /** Ends it now; a stage that was waiting has then had no reply. */
  stop(): void;
}

/** Polling: fine while the first flights are on their way, then coarser. */
const POLL = [
  { untilMs: 200, everyMs: 1 },
  { untilMs: 1000, everyMs: 5 },
] as const;
const LATE_POLL_MS = 20;

/** Starts an attempt; everything that happens to it is emitted. */
export function startAttempt(libc: Libc, spec: AttemptSpec, context: ProbeContext): RunningAttempt {
  const { clock, emit, signal } = context;
  let startedMs = clock.now();
  const sinceStart = () => clock.now() - startedMs;
  const decided = createDeferred();
  const done = createDeferred();
  let progress: AttemptProgress = startProgress(subjectOf(spec));
  let socket: Connection | null = null;
  let exchange: Exchange | null = null;
  /** Before that a socket is waited for, and there is nothing to tell. */
  let isStarted = false;

  const isOpen = () => progress.phase !== "over";

  const finish = () => {
    decided.fire();
    if (exchange !== null) exchange.destroy();
    else socket?.close();
    done.fire();
  };

  const feed = (happening: Happening) => {
    if (!isOpen()) return;
    if (!isStarted) {
      progress = { ...progress, phase: "over" };
      finish();
      return;
    }
    const info = socket?.info() ?? null;
    const next = step(progress, { ...happening, info, sinceStartMs: sinceStart() });
    progress = next.progress;
    for (const event of next.events) emit(event);
    if (progress.decided) decided.fire();
    if (!isOpen()) finish();
  };

  const pollConnect = (opened: Connection, options: ExchangeOptions | null) => {
    const { stream, takeError, accepted, holdAcks } = opened;
    const code = takeError();
    if (code !== null) feed({ kind: "connect-failed", code });
    else if (accepted()) feed({ kind: "connected" });
    if (progress.phase !== "exchanging" || options === null) return;
    const events: ExchangeEvents = {
      proxied: (answer) => {
        if (spec.purpose === "default")
          emit({ kind: "proxy-answer", attempt: spec.name, ...answer });
      },
      talked: (talked) => feed({ kind: "talked", talked }),
      secured: (certificate) => feed({ kind: "secured", certificate }),
      answered: (status, fields) => feed({ kind: "answered", status, fields }),
      ended: (result) => feed({ kind: "ended", result }),
    };
    const pipeline = spec.pipelined === true ? { holdAcks } : null;
    exchange = startExchange(stream(), { ...options, pipeline }, events, clock);
  };

  const follow = async () => {
    const started = () => {
      startedMs = clock.now();
      isStarted = true;
      emit(startedEvent(spec));
    };
    const start = (fd: number) => {
      started();
      setMark(libc, fd, spec.mark);
      context.connecting?.({ ...spec, fd });
    };
    if (spec.open !== undefined) started();
    const open = () =>
      spec.open?.(spec.mark) ??
      openTcp(libc, spec, spec.mss, spec.from ? [RESET_AT_END] : [], spec.from, start);
    const opened = await openWhenFree(open, context);
    if (opened.kind === "not-made") reportNotMade(context, spec.purpose, opened);
    else if (opened.kind === "failed") feed({ kind: "open-failed", code: opened.error });
    else if (isOpen()) await watch(opened.socket);
    else opened.socket.close();
    feed({ kind: "aborted" });
  };

  const watch = async (opened: Connection) => {
    socket = opened;
    while (isOpen() && !signal.aborted) {
      if (progress.phase === "connecting") pollConnect(opened, spec.exchange);
      feed({
        kind: "watched",
        siblingIdleMs: clock.now() - (spec.siblings?.progressMs() ?? 0),
        patienceMs: spec.siblings?.patienceMs() ?? 0,
        readBytes: exchange?.readBytes() ?? 0,
      });
      if (isOpen()) await clock.sleep(pollMs(sinceStart()));
    }
  };
  const following = follow();

  return {
    name: spec.name,
    decided: decided.promise,
    done: Promise.all([done.promise, following]).then(() => undefined),
    state: (goal) => {
      const seen: Attempt | undefined = context
        .path()
        .attempts.find((candidate) => candidate.attempt === spec.name);
      if (seen !== undefined) return attemptState(seen, goal);
      return isOpen() ? "pending" : "failed";
    },
    waiting: () => waitingStage(progress),
    info: () => progress.latest,
    rttMs: () => roundTripMs(progress),
    listening: () => isListening(progress),
    largeSent: () => progress.talk.wanted.outbound,
    stop: () => feed({ kind: "stopped", aborted: signal.aborted }),
  };
}

/** Plain data: what the state holds of the attempt. */
function subjectOf({
  name,
  purpose,
  address,
  family,
  port,
  goal,
  exchange,
}: AttemptSpec): AttemptSubject {
  return { name, purpose, address, family, port, goal, scheme: exchange?.scheme ?? null };
}

function startedEvent(spec: AttemptSpec): EventBody {
  const { name: attempt, purpose, address, family, port, mss, firstFlightBytes } = spec;
  const named = spec.serverName == null ? {} : { serverName: spec.serverName };
  const marked = spec.mark === undefined ? {} : { mark: spec.mark };
  const raw = spec.open === undefined ? {} : { raw: true };
  const from = spec.from === undefined ? {} : { sourcePort: spec.from.number };
  const to = { address, family, port };
  return {
    kind: "tcp-started",
    attempt,
    purpose,
    ...to,
    mss,
    firstFlightBytes,
    ...named,
    ...marked,
    ...from,
    ...raw,
  };
}

function pollMs(ageMs: number): number {
  return POLL.find(({ untilMs }) => ageMs < untilMs)?.everyMs ?? LATE_POLL_MS;
}
