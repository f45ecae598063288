// Where connections ask for ECN and fail or are slow: the same connection with ECN and without, over sockets that are not the kernel's.

import tls from "node:tls";
import { TCP_HEADERS } from "../../src/facts/connection/attempt.ts";
import { ECN_PAIRS, isEcnInQuestion } from "../../src/facts/connection/ecn.ts";
import { defaultAttempt, linkMtuTo } from "../../src/facts/connection/subject.ts";
import type { Attempt } from "../../src/model/connections.ts";
import type { Probe, ProbeContext } from "../../src/probe.ts";
import type { EcnCheck } from "../../src/schema/events/tcp-check.ts";
import type { Connection } from "../native/connection.ts";
import { rawRefused } from "../native/raw-wire.ts";
import { LINUX_OFFER, openRaw } from "../tcp/raw/raw-connection.ts";
import { secure } from "../tcp/tls-client.ts";
import { requestText, type WebOptions } from "../tcp/web-request.ts";
import { ownRequest } from "./own-request.ts";
import type { TcpDeps } from "./tcp-stages.ts";

/** Just before a SYN is sent a second time (RFC 6298 s.2). */
const CONNECT_MS = 990;
/** Two repetitions of a segment, 200 and 400 ms apart at least. */
const ANSWER_MS = 1500;
const POLL_MS = 5;
/** What any path takes (RFC 8200 s.5): sizes are not in question here. */
const MTU = 1280;

export function createEcnProbe(deps: TcpDeps): Probe {
  return async (context) => {
    const path = context.path();
    const attempt = defaultAttempt(path);
    const target = path.run?.target;
    if (attempt === undefined || target === undefined || path.requested !== null) return;
    if (!isEcnInQuestion(path)) return;
    const reason = rawRefused(deps.libc);
    if (reason === null) await compare(deps, attempt, ownRequest(deps, target), context);
    else context.emit({ kind: "probe-skipped", probe: "ecn", reason });
  };
}

/** In pairs, side by side, so that both meet the same path. */
async function compare(
  { libc, zoneIndex }: TcpDeps,
  { address, family, port }: Attempt,
  request: WebOptions | null,
  context: ProbeContext,
): Promise<void> {
  const { clock, emit, signal } = context;
  const to = { address, family, port, zoneIndex: zoneIndex(address) };
  const mss = Math.min(MTU, linkMtuTo(context.path(), address) ?? MTU) - TCP_HEADERS[family];
  const connection = async (asked: boolean) => {
    const opened = openRaw({ libc, clock }, to, { ...LINUX_OFFER, mss, ecn: asked });
    if (opened.kind !== "connecting") return [];
    const exchanged = await exchange(opened.socket, request, context);
    return [{ kind: "ecn-check" as const, address, family, port, asked, ...exchanged }];
  };
  for (let pair = 0; pair < ECN_PAIRS && !signal.aborted; pair++) {
    const made = await Promise.all([connection(true), connection(false)]);
    if (signal.aborted) return;
    for (const one of made.flat()) emit(one);
  }
}

type Exchanged = Pick<EcnCheck, "connected" | "agreed" | "repeated" | "answerMs" | "segsOut">;

async function exchange(
  socket: Connection,
  request: WebOptions | null,
  context: ProbeContext,
): Promise<Exchanged> {
  const isConnected = () => socket.accepted() || socket.takeError() !== null;
  await until(isConnected, CONNECT_MS, context);
  const connected = socket.accepted();
  const answerMs = connected && request !== null ? await answer(socket, request, context) : null;
  const { totalRetrans = 0, segsOut } = socket.info() ?? {};
  const agreed = connected && socket.negotiated()?.ecn === true;
  socket.close();
  return {
    connected,
    agreed,
    repeated: connected ? totalRetrans : 0,
    answerMs,
    segsOut: segsOut ?? 1,
  };
}

/** To the end of the handshake, or to the first bytes where there is none; null without. */
async function answer(
  socket: Connection,
  request: WebOptions,
  context: ProbeContext,
): Promise<number | null> {
  const raw = socket.stream();
  const stream = request.scheme === "https" ? secure(raw, request, ["http/1.1"]) : raw;
  const startedMs = context.clock.now();
  let answeredMs: number | null = null;
  let isOver = false;
  const answered = () => {
    answeredMs ??= context.clock.now() - startedMs;
  };
  const over = () => {
    isOver = true;
  };
  if (stream instanceof tls.TLSSocket) stream.on("secureConnect", answered);
  else stream.write(requestText(request));
  stream.on("data", answered).on("error", over).on("close", over);
  await until(() => answeredMs !== null || isOver, ANSWER_MS, context);
  // What is out has its acknowledgement, or does without.
  stream.destroy();
  raw.destroy();
  return answeredMs;
}

async function until(
  isReached: () => boolean,
  limitMs: number,
  { clock, signal }: ProbeContext,
): Promise<void> {
  const startedMs = clock.now();
  while (!signal.aborted && !isReached() && clock.now() - startedMs < limitMs) {
    await clock.sleep(POLL_MS);
  }
}
