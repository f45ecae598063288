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
import type { ConnectDatagram } from "../native/datagram.ts";
import type { Libc } from "../native/libc.ts";
import type { Sockets } from "../native/streams.ts";
import { sweepInbound } from "../pmtu/inbound.ts";
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
import { checkCaptivePortal, isSuspect } from "./captive-portal.ts";
import { followAttempt, followSizes, type Ready } from "./follow-attempt.ts";
import { askQuic } from "./quic.ts";
import { type OpenRaw, rawOf, rawWithoutCache } from "./uncached.ts";

export interface TcpDeps {
  /** The variables that name proxies. */
  readonly proxies: ProxyEnvironment;
  readonly libc: Libc;
  readonly tls: TlsContexts;
  readonly userAgent: string;
  readonly sockets: Sockets;
  /** For names: queries follow the routes, whatever --interface says. */
  readonly connectNames: ConnectDatagram;
  /** Interface index of an IPv6 zone, 0 for none. */
  zoneIndex(address: string): number;
  /** MTUs that the host snapshot names, the most likely limit first. */
  candidates(path: Path): readonly number[];
  /** What the next attempt is known by. */
  nextAttempt(): Pick<AttemptSpec, "name" | "mark">;
}

export function runTcpStages(
  deps: TcpDeps,
  context: ProbeContext,
  pathFollowed: Promise<void>,
): TcpStagesProbe {
  const chosen = createDeferred();
  const clear = createDeferred();
  const decided = createDeferred();
  const ready = {
    chosen: chosen.fire,
    clear: () => {
      chosen.fire();
      clear.fire();
    },
    decided: () => {
      chosen.fire();
      clear.fire();
      decided.fire();
    },
  };
  const early = new AbortController();
  const done = run(deps, context, { ready, pathFollowed, early: early.signal });
  return {
    chosen: chosen.promise,
    clear: clear.promise,
    decided: decided.promise,
    done: done.finally(ready.decided),
    conclude: () => early.abort(),
  };
}

interface Following {
  readonly ready: Ready;
  readonly pathFollowed: Promise<void>;
  /** Aborted where whether a hang recovers is not waited for. */
  readonly early: AbortSignal;
}

async function run(
  deps: TcpDeps,
  context: ProbeContext,
  { ready, pathFollowed, early }: Following,
): Promise<void> {
  const target = context.path().run?.target;
  if (target === undefined || target.scheme === "udp" || target.scheme === "icmp") return;
  const open = (
    to: Destination,
    purpose: TcpPurpose,
    goal: TcpStage,
    exchange: ExchangeOptions | null,
    more: Partial<AttemptSpec> = {},
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
        mss: null,
        exchange,
        firstFlightBytes: null,
        serverName: exchange?.serverName ?? null,
        ...more,
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
  const { userAgent, connectNames } = deps;
  const portal = { userAgent, connectNames, connect: deps.sockets.stream };
  const choice = await chooseAddress(context, {
    attempt: (address) =>
      open(address, "default", "http", target.scheme === "tcp" ? null : exchange(verify)),
    beside: (address, purpose) => open(address, purpose, "connect", null),
  });
  ready.chosen();
  if (choice === undefined) return;
  const { to, attempt } = choice;
  const handshake: StartHandshake = ({ purpose, serverName, padBytes, mss }) =>
    open(
      to,
      purpose,
      "tls",
      { ...exchange(purpose === "other-name"), serverName, padBytes },
      { mss, firstFlightBytes: padBytes },
    );
  const sweep = (of: RunningAttempt, goal: TcpStage, raw: OpenRaw | null = null) =>
    sweepInbound(context, {
      goal,
      start: (mss, siblings) => {
        const more = { mss, siblings, open: rawOf(raw, mss) };
        return open(to, "mss-sweep", goal, exchange(false), more);
      },
      candidates: deps.candidates(context.path()),
      finished: () => of.state(goal) === "passed" || of.state(goal) === "failed",
    });
  early.addEventListener("abort", attempt.stop, { once: true });
  await followAttempt(attempt, context, ready, {
    startSweep: (goal) => sweep(attempt, goal),
    followUp: () => followUp(attempt, context, handshake, deps.sockets.datagram),
    // Port 80 of a proxy shows nothing of what answers for other addresses.
    suspectsPortal: () => proxy === null && isSuspect(context),
    checkCaptivePortal: () => checkCaptivePortal(portal, context),
    beforeOutbound: async () => {
      if (proxy !== null || attempt.state("http") !== "passed") return;
      const raw = rawWithoutCache(deps, context, { ...to, port: target.port });
      if (raw === null) return;
      const more = { mss: raw.mss, open: rawOf(raw.open, raw.mss) };
      const uncached = open(to, "uncached", "http", exchange(false), more);
      await followSizes(uncached, context, (goal) => sweep(uncached, goal, raw.open));
    },
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

/**
 * What the first answer, or its absence, makes worth probing; each probe only where it decides
 * something, and none before the inbound sizes are known.
 */
async function followUp(
  attempt: RunningAttempt,
  context: ProbeContext,
  start: StartHandshake,
  connect: ConnectDatagram,
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
    ...(path.requested === null ? [askQuic(context, connect)] : []),
  ]);
}
