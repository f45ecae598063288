// Where a connection is accepted and nothing comes: whether a router's distance is enough for it, and what its acknowledgements say.
//
//  1. Connections with each TTL below the target's: one that is accepted has its other end nearer.
//  2. As root, a connection that is not the kernel's: the same request, and then segments with a number that was used before, as
//     keep-alives have it. Every end answers them with the number of its own next byte (RFC 9293 s.3.10.7.4), so that what it
//     has sent and did not come shows, whatever drops it.

import { isSilenceInQuestion, ttlBelowTarget } from "../../src/facts/connection/silence.ts";
import { defaultAttempt } from "../../src/facts/connection/subject.ts";
import { inboundFacts } from "../../src/facts/size/inbound.ts";
import type { Attempt } from "../../src/model/connections.ts";
import type { Probe, ProbeContext } from "../../src/probe.ts";
import type { SilenceCheck } from "../../src/schema/events/tcp-check.ts";
import { IP_TTL, IPPROTO_IP, IPPROTO_IPV6, IPV6_UNICAST_HOPS } from "../native/constants.ts";
import type { Libc } from "../native/libc.ts";
import { rawRefused } from "../native/raw-wire.ts";
import { openTcp } from "../native/tcp-socket.ts";
import { connectionsLeft } from "../protocols/connection-limits.ts";
import { LINUX_OFFER, openRaw } from "../tcp/raw/raw-connection.ts";
import { secure } from "../tcp/tls-client.ts";
import { SMALL_MSS } from "../tcp/transfer.ts";
import { requestText, type WebOptions } from "../tcp/web-request.ts";
import { ownRequest } from "./own-request.ts";
import type { TcpDeps } from "./tcp-stages.ts";

/** Farther ones are not asked: more SYNs at once than this would be an offence. */
const MAX_TTL = 20;
/** Each TTL twice, as a SYN may be lost. */
const ROUNDS = 2;
const CONNECT_MS = 500;
const POLL_MS = 10;
/** What a server may take before it sends, and what Linux leaves between two such answers (tcp_invalid_ratelimit, 500 ms). */
const KEEP_ALIVES = 3;
const GAP_MS = 550;

export function createSilenceProbe(deps: TcpDeps): Probe {
  return async (context) => {
    const path = context.path();
    const attempt = defaultAttempt(path);
    const target = path.run?.target;
    if (attempt === undefined || target === undefined || !isSilenceInQuestion(path)) return;
    // Whoever answers in smaller segments is not silent.
    if (inboundFacts(path).interval.passed !== null) return;
    const { address, family, port } = attempt;
    const to = { address, family, port, zoneIndex: deps.zoneIndex(address) };
    const nearer = await connectNearer(deps.libc, to, context);
    const event = { kind: "silence-check", address, family, port, nearer } as const;
    const request = ownRequest(deps, target);
    const reason = request === null ? null : rawRefused(deps.libc);
    if (reason !== null) context.emit({ kind: "probe-skipped", probe: "silence", reason });
    const raw =
      request === null || reason !== null ? null : await askAgain(deps.libc, to, request, context);
    if (!context.signal.aborted) context.emit({ ...event, raw });
  };
}

type To = Pick<Attempt, "address" | "family" | "port"> & { readonly zoneIndex: number };

async function connectNearer(libc: Libc, to: To, context: ProbeContext) {
  const last = Math.min(MAX_TTL, ttlBelowTarget(context.path()));
  const nearer: { ttl: number; accepted: boolean }[] = [];
  for (let ttl = 1; ttl <= last; ttl++) nearer.push({ ttl, accepted: false });
  if (connectionsLeft(context.path()) < ROUNDS * last) return [];
  for (let round = 0; round < ROUNDS && !context.signal.aborted; round++) {
    await Promise.all(
      nearer.map(async (one) => {
        if (!one.accepted) one.accepted = await isAccepted(libc, to, one.ttl, context);
      }),
    );
  }
  return nearer;
}

async function isAccepted(
  libc: Libc,
  to: To,
  ttl: number,
  { clock, signal }: ProbeContext,
): Promise<boolean> {
  const [level, name] = to.family === 4 ? [IPPROTO_IP, IP_TTL] : [IPPROTO_IPV6, IPV6_UNICAST_HOPS];
  const value = Buffer.from(Int32Array.of(ttl).buffer);
  const opened = openTcp(libc, to, null, [{ level, name, value, optional: false }]);
  if (opened.kind !== "connecting") return false;
  const { socket } = opened;
  const startedMs = clock.now();
  while (!signal.aborted && !socket.accepted() && clock.now() - startedMs < CONNECT_MS) {
    await clock.sleep(POLL_MS);
  }
  const accepted = socket.accepted();
  socket.close();
  return accepted;
}

/** Null where it is not accepted. Its segments are small: sizes are not in question. */
async function askAgain(
  libc: Libc,
  to: To,
  request: WebOptions,
  { clock, signal }: ProbeContext,
): Promise<SilenceCheck["raw"]> {
  const opened = openRaw({ libc, clock }, to, { ...LINUX_OFFER, mss: SMALL_MSS });
  if (opened.kind !== "connecting") return null;
  const { socket } = opened;
  const startedMs = clock.now();
  while (!signal.aborted && !socket.accepted() && clock.now() - startedMs < CONNECT_MS) {
    await clock.sleep(POLL_MS);
  }
  if (!socket.accepted()) {
    socket.close();
    return null;
  }
  const raw = socket.stream();
  const stream = request.scheme === "https" ? secure(raw, request, ["http/1.1"]) : raw;
  // How it ends is no matter here.
  stream.on("error", () => undefined).resume();
  if (request.scheme === "http") stream.write(requestText(request));
  const before = socket.emptySegments();
  for (let n = 0; n < KEEP_ALIVES && !signal.aborted; n++) {
    await clock.sleep(GAP_MS);
    socket.keepAlive();
  }
  await clock.sleep(GAP_MS);
  const { count, aheadBytes } = socket.emptySegments();
  const receivedBytes = socket.info()?.bytesReceived ?? 0;
  const acknowledged = (socket.info()?.bytesAcked ?? 0) > 0;
  stream.destroy();
  raw.destroy();
  // The first of them acknowledges the request, before there can be an answer.
  const answers = Math.max(0, count - before.count - 1);
  return { acknowledged, answers, aheadBytes, receivedBytes };
}
