// A TLS server of pure data behind a limit, for the inbound sweep: attempts that pass, hang or recover.

import type { RunningAttempt } from "../../probes/tcp/attempt.ts";
import { attemptState } from "../../src/facts/connection/attempt.ts";
import type { ProbeContext } from "../../src/probe.ts";
import type { EventBody } from "../../src/schema/event.ts";
import type { TcpInfo, TcpPurpose } from "../../src/schema/events/tcp.ts";
import { TARGET } from "./events.ts";
import { OK, stage, tcpInfo } from "./tcp.ts";

export interface Server {
  /** The largest IP packet that gets through. */
  readonly limit: number;
  readonly rttMs?: number;
  /** Of both ends. */
  readonly linkMtu?: number;
  /** SYN cookies: the MSS becomes the next lower of these (net/ipv4/syncookies.c). */
  readonly cookies?: boolean;
  /** Whether the n-th connection (from 0) loses a segment for good. */
  lost?(n: number): boolean;
  /** A hang goes on after so long, null when never. */
  readonly recoversAfterMs?: number | null;
}

const HEADERS = 40;
const COOKIE_MSS = [536, 1300, 1440, 1460] as const;

export interface SimulatedServer {
  start(name: string, purpose: TcpPurpose, mss: number | null): RunningAttempt;
  connections(): number;
}

export function simulateServer(server: Server, context: ProbeContext): SimulatedServer {
  let connections = 0;
  return {
    connections: () => connections,
    start: (name, purpose, mss) => {
      const n = connections;
      connections += 1;
      return run(server, context, { name, purpose, mss, lost: server.lost?.(n) === true });
    },
  };
}

interface Connection {
  readonly name: string;
  readonly purpose: TcpPurpose;
  readonly mss: number | null;
  readonly lost: boolean;
}

function run(
  { limit, rttMs = 10, linkMtu = 1500, cookies = false, recoversAfterMs = null }: Server,
  context: ProbeContext,
  { name, purpose, mss, lost }: Connection,
): RunningAttempt {
  const { emit, clock } = context;
  const startedMs = clock.now();
  const since = () => clock.now() - startedMs;
  const offered = mss ?? linkMtu - HEADERS;
  const used = cookies ? Math.max(...COOKIE_MSS.filter((size) => size <= offered)) : offered;
  const before = tcpInfo({ advMss: offered - 12, rttMs });
  const received = (size: number): TcpInfo => ({
    ...before,
    rcvMss: size - 12,
    bytesReceived: 5200,
    dataSegsIn: 4,
  });
  let open = true;
  let info: TcpInfo | null = null;
  let decide: () => void = () => undefined;
  const decided = new Promise<void>((resolve) => {
    decide = resolve;
  });
  const notify = (body: EventBody) => {
    if (open) emit(body);
  };
  emit({
    kind: "tcp-started",
    attempt: name,
    purpose,
    address: TARGET,
    family: 4,
    port: 443,
    mss,
    firstFlightBytes: null,
  });
  const follow = async () => {
    await clock.sleep(rttMs);
    info = before;
    notify(stage(name, "connect", since(), OK, info));
    await clock.sleep(2 * rttMs);
    if (used + HEADERS > limit || lost) {
      const stalled = { ...before, dataSegsIn: 1, rcvOooPack: 1 };
      await clock.sleep(2 * rttMs + 10);
      notify({
        kind: "tcp-stalled",
        attempt: name,
        stage: "tls",
        sinceStartMs: since(),
        info: stalled,
      });
      if (open) decide();
      if (recoversAfterMs === null) return;
      await clock.sleep(recoversAfterMs);
    }
    info = received(Math.min(used, limit - HEADERS));
    notify(stage(name, "tls", since(), OK, info));
    decide();
  };
  const done = follow();
  const state: RunningAttempt["state"] = (goal) => {
    const seen = context.path().attempts.find(({ attempt }) => attempt === name);
    return seen === undefined ? "pending" : attemptState(seen, goal);
  };
  return {
    name,
    decided,
    done,
    state,
    waiting: () => (open && state("tls") !== "passed" ? "tls" : null),
    info: () => info,
    rttMs: () => info?.rttMs ?? null,
    listening: () => false,
    largeSent: () => false,
    stop: () => {
      if (!open) return;
      const waitedMs = since() - rttMs;
      if (state("tls") !== "passed") {
        notify(stage(name, "tls", since(), { kind: "no-reply", waitedMs }, info));
      }
      notify({ kind: "tcp-ended", attempt: name, complete: false, sinceStartMs: since(), info });
      open = false;
      decide();
    },
  };
}
