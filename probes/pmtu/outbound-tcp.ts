// Outbound sizes over TCP data: first flights padded over one segment, and whether they are acknowledged.
//
// ACKs are small, nobody limits their rate, and a port that serves must answer them: this decides
// where UDP is filtered or silent. It comes last, because the kernel caches the MTU of an ICMP error to TCP.

import PQueue from "p-queue";
import { attemptState, TCP_HEADERS } from "../../src/facts/connection/attempt.ts";
import { defaultAttempt, linkMtuTo } from "../../src/facts/connection/subject.ts";
import { FAILURES } from "../../src/facts/loss/thresholds.ts";
import { outboundFacts } from "../../src/facts/size/outbound.ts";
import {
  COMMON_MTUS,
  nextSizes,
  type SizeResult,
  sizeInterval,
} from "../../src/facts/size/size-interval.ts";
import type { Attempt } from "../../src/model/connections.ts";
import type { Path } from "../../src/model/path.ts";
import type { Probe, ProbeContext } from "../../src/probe.ts";
import type { TcpInfo } from "../../src/schema/events/tcp.ts";
import { connectionsAtOnce, connectionsLeft } from "../protocols/connection-limits.ts";
import { proxyOnPath } from "../proxy/proxy-hop.ts";
import { unverified } from "../stages/own-request.ts";
import type { TcpDeps } from "../stages/tcp-stages.ts";
import { type RunningAttempt, startAttempt } from "../tcp/attempt.ts";
import { FLOOR_BYTES } from "./inbound.ts";

const ROUND_ROOM = 8;
const MAX_ATTEMPTS = 30;
const POLL_MS = 2;
/** The default attempt's TCP retransmission time-out is at least this (net/tcp.h, TCP_RTO_MIN). */
const RTO_MIN_MS = 200;
const MARGIN_MS = 60;

export function createOutboundTcpProbe(deps: TcpDeps): Probe {
  return async (context) => {
    const path = context.path();
    const attempt = defaultAttempt(path);
    if (attempt === undefined || !isWanted(path, attempt)) return;
    const linkMtu = linkMtuTo(path, attempt.address);
    const target = path.run?.target;
    if (linkMtu === null || target === undefined || target.scheme === "tcp") return;
    const headers = TCP_HEADERS[attempt.family];
    const padBytes = 2 * linkMtu;
    const start = (sizeBytes: number | null): RunningAttempt =>
      startAttempt(
        deps.libc,
        {
          ...deps.nextAttempt(),
          purpose: "outbound-sweep",
          goal: "http",
          family: attempt.family,
          address: attempt.address,
          port: attempt.port,
          zoneIndex: deps.zoneIndex(attempt.address),
          mss: sizeBytes === null ? null : sizeBytes - headers,
          firstFlightBytes: padBytes,
          exchange: {
            ...unverified(deps, path.requested ?? target),
            proxy: proxyOnPath(path, deps.proxies),
            padBytes,
          },
        },
        context,
      );
    // What UDP lost or a message named, once more: ACKs have no rate limit. Never a size that was reported
    // as too big: TCP would cache it.
    const { below, bytes, basis } = outboundFacts(path).estimate;
    const named = basis === "icmp" && below !== null ? bytes : below;
    const size = named === null || named >= linkMtu ? null : named;
    const top = { sizeBytes: size, mtu: size ?? linkMtu };
    await sweep(context, start, top, deps.candidates(path));
  };
}

/** Connected, and UDP left something open; a run about sizes compares the protocols anyway. */
function isWanted(path: Path, attempt: Attempt): boolean {
  const connected = attemptState(attempt, "connect") === "passed";
  return connected && (path.run?.command === "mtu" || !outboundFacts(path).decided);
}

async function sweep(
  context: ProbeContext,
  start: (sizeBytes: number | null) => RunningAttempt,
  top: { readonly sizeBytes: number | null; readonly mtu: number },
  candidates: readonly number[],
): Promise<void> {
  const results: SizeResult[] = [];
  const concurrency = Math.min(ROUND_ROOM + 1, connectionsAtOnce(context.path()));
  const queue = new PQueue({ concurrency });
  const probeOne = async (sizeBytes: number | null) => {
    if (context.signal.aborted || connectionsLeft(context.path()) === 0) return;
    const passed = await isAcknowledged(start(sizeBytes), context);
    if (passed !== null) results.push({ sizeBytes: sizeBytes ?? top.mtu, passed });
  };
  const likely = [...candidates, ...COMMON_MTUS];
  const inside = (above: number, below: number) => nextSizes({ above, below }, likely, ROUND_ROOM);
  // Twice: the first flight and its repetition may both be lost to plain loss.
  for (let again = 0; again < FAILURES; again++) {
    await probeOne(top.sizeBytes);
    if (results.length === 0 || results.some((result) => result.passed)) return;
  }
  let sizes = [FLOOR_BYTES, ...inside(FLOOR_BYTES, top.mtu)];
  let confirmed: number | null = null;
  for (let tried = 1; sizes.length > 0 && tried < MAX_ATTEMPTS; tried += sizes.length) {
    await queue.addAll(sizes.map((size) => () => probeOne(size)));
    const { passed, failed } = sizeInterval(results);
    if (passed === null || failed === null || context.signal.aborted) return;
    sizes = [...inside(passed, failed)];
    if (sizes.length > 0 || confirmed === failed) continue;
    // The size above the limit is tried once more: lost segments must not pass for a limit.
    confirmed = failed;
    sizes = [failed];
  }
}

/** Whether the first full segment is acknowledged; null when the connection never got so far. */
async function isAcknowledged(
  attempt: RunningAttempt,
  { clock, signal }: ProbeContext,
): Promise<boolean | null> {
  let since: Since = { sentMs: null, repeatedMs: null };
  try {
    while (!signal.aborted) {
      const connect = attempt.state("connect");
      if (connect !== "pending" && connect !== "passed") return null;
      const info = attempt.info();
      since = advance(since, info, attempt.largeSent(), clock.now());
      const acknowledged = judge(since, info, clock.now());
      if (acknowledged !== null) return acknowledged;
      // Nothing that large is said in this protocol, or not to this server.
      if (since.sentMs === null && isOver(attempt)) return null;
      await clock.sleep(POLL_MS);
    }
    return null;
  } finally {
    attempt.stop();
    await attempt.done;
  }
}

function isOver(attempt: RunningAttempt): boolean {
  return attempt.state("connect") === "passed" && attempt.waiting() === null;
}

/** What an ACK may take longer than two round trips on a busy machine. */
const EARLY_MS = 10;

interface Since {
  /** When the flight left. */
  readonly sentMs: number | null;
  /** When its small end was received and the full segment had been sent again. */
  readonly repeatedMs: number | null;
}

function advance(since: Since, info: TcpInfo | null, sent: boolean, nowMs: number): Since {
  const repeated = info !== null && info.sacked > 0 && info.totalRetrans > 0;
  return {
    sentMs: since.sentMs ?? (sent ? nowMs : null),
    repeatedMs: since.repeatedMs ?? (repeated ? nowMs : null),
  };
}

/** True: acknowledged. False: lost, and its repetition too. Null: it may still come. */
function judge(since: Since, info: TcpInfo | null, nowMs: number): boolean | null {
  if (info !== null && (info.bytesAcked ?? 0) >= info.sndMss) return true;
  const rttMs = info?.rttMs ?? 0;
  const early = since.repeatedMs !== null && nowMs - since.repeatedMs > 2 * rttMs + EARLY_MS;
  // Without SACK: one retransmission time-out, and the ACK of what it sent.
  const limitMs = RTO_MIN_MS + 5 * rttMs + MARGIN_MS;
  const late = since.sentMs !== null && nowMs - since.sentMs > limitMs;
  return early || late ? false : null;
}
