// The attempt of a target that takes datagrams: to its own port, or an echo request; and how far they get where nothing answers.
//
//  1. A port that has a protocol is asked in it: any server has to answer that.
//  2. Any other gets a few bytes. An answer and an ICMP error are told; silence may be a server that has nothing to say to them.
//  3. Behind the hops, as their routers are the witnesses: a router that reports other packets and none to this port shows
//     that something before it drops those.

import { reachFacts } from "../../src/facts/reach/reach.ts";
import type { Path } from "../../src/model/path.ts";
import type { Probe, ProbeContext } from "../../src/probe.ts";
import type { EventBody } from "../../src/schema/event.ts";
import type { DatagramAttempt } from "../../src/schema/events/datagram.ts";
import type { ProbeOutcome } from "../../src/schema/events/probe.ts";
import type { ConnectDatagram } from "../native/datagram.ts";
import {
  type OutboundDeps,
  type Subject,
  showsRouters,
  subjectOf,
  withTransport,
} from "../native/outbound-sockets.ts";
import type { Transport } from "../native/transport.ts";
import { createProbeSender, FAR_TTL } from "../probe-sender.ts";
import { exchangeDatagrams } from "./datagram-exchange.ts";
import { type DatagramRequest, requestTo } from "./datagram-requests.ts";

/** One lost datagram is no filter. */
const WAITS_MS = [300, 700, 1000] as const;
/** Routers answer in a round trip, or, where they limit their errors, not at all. */
const HOP_WAIT_MS = 500;
const HOP_TRIES = 2;
/** The reason is told as that of a probe that was skipped. */
const REFUSED = { kind: "send-failed", error: "EACCES" } as const;
const SILENT = { kind: "no-reply", waitedMs: 0 } as const;

export function createDatagramProbe(deps: OutboundDeps, connect: ConnectDatagram): Probe {
  return async (context) => {
    const subject = subjectOf(context.path());
    const port = portOf(context.path());
    if (subject === undefined || port === undefined || context.signal.aborted) return;
    const { address } = subject;
    const request = port === null ? null : requestTo(port);
    const startedMs = context.clock.now();
    const asked =
      request === null ? null : await ask(connect, { address, port: port ?? 0 }, request, context);
    const attempt = (outcome: ProbeOutcome, hops: DatagramAttempt["hops"] = []) =>
      context.emit({
        kind: "datagram-attempt",
        protocol: port === null ? "icmp" : "udp",
        address,
        port,
        request: request?.protocol ?? null,
        outcome,
        ms: context.clock.now() - startedMs,
        asked: asked?.sent ?? 0,
        hops,
      });
    if (asked?.outcome.kind === "reply") {
      attempt(asked.outcome);
      return;
    }
    let isOpen = false;
    await withTransport(context, "datagram", opener(deps, subject, port), async (transport) => {
      isOpen = true;
      const journey = { deps, context, subject, transport };
      const outcome = await knock(journey);
      const isLost = outcome.kind === "no-reply" && port !== null;
      const hops = isLost ? await follow(journey) : [];
      if (!context.signal.aborted) attempt(outcome, hops);
    });
    if (!isOpen) attempt(REFUSED);
  };
}

/** Null for ICMP; undefined where the target takes a connection. */
function portOf({ run }: Path): number | null | undefined {
  if (run?.target.scheme === "icmp") return null;
  return run?.target.scheme === "udp" ? run.target.port : undefined;
}

function opener({ engine, zoneIndex }: OutboundDeps, subject: Subject, port: number | null) {
  const { address, family } = subject;
  const to = { address, family, zoneIndex: zoneIndex(address) };
  return () => (port === null ? engine.echo(to) : engine.udp({ ...to, port }));
}

interface Journey {
  readonly deps: OutboundDeps;
  readonly context: ProbeContext;
  readonly subject: Subject;
  readonly transport: Transport;
}

/** They are no probes of the path: a port of its own, which may be silent to all of them. */
function senderOf({ deps, context, subject, transport }: Journey) {
  const emit = (body: EventBody) =>
    context.emit(
      body.kind === "probe" ? { ...body, kind: "control-probe", about: "datagram" } : body,
    );
  return createProbeSender(transport, { ...context, emit }, { address: subject.address, ...deps });
}

/** What the first answer says, or the last silence. */
async function knock(journey: Journey): Promise<ProbeOutcome> {
  const send = senderOf(journey);
  const { smallestBytes: sizeBytes } = journey.transport;
  let outcome: ProbeOutcome = SILENT;
  for (const waitMs of WAITS_MS) {
    if (journey.context.signal.aborted) break;
    const [one] = await send([{ purpose: "control", ttl: FAR_TTL, sizeBytes }], waitMs);
    outcome = one?.outcome ?? outcome;
    if (outcome.kind !== "no-reply") break;
  }
  return outcome;
}

/** At the TTLs at which routers answered others. */
async function follow(journey: Journey): Promise<DatagramAttempt["hops"]> {
  const { context, transport } = journey;
  if (!showsRouters(context, "datagram", transport)) return [];
  const send = senderOf(journey);
  const { smallestBytes: sizeBytes } = transport;
  const ttls = [...new Set(reachFacts(context.path()).routers.map(({ ttl }) => ttl))];
  const hops = new Map<number, ProbeOutcome>();
  for (let tried = 0; tried < HOP_TRIES && !context.signal.aborted; tried++) {
    const silent = ttls.filter((ttl) => (hops.get(ttl) ?? SILENT).kind === "no-reply");
    const specs = silent.map((ttl) => ({ purpose: "hop" as const, ttl, sizeBytes }));
    const answers = specs.length === 0 ? [] : await send(specs, HOP_WAIT_MS);
    for (const { ttl, outcome } of answers) hops.set(ttl, outcome);
  }
  return [...hops].map(([ttl, outcome]) => ({ ttl, outcome }));
}

/** In the port's own protocol: whatever comes back from it is an answer. */
async function ask(
  connect: ConnectDatagram,
  to: { readonly address: string; readonly port: number },
  request: DatagramRequest,
  context: ProbeContext,
): Promise<{ readonly outcome: ProbeOutcome; readonly sent: number }> {
  const startedMs = context.clock.now();
  const { make } = request;
  const waitMs = WAITS_MS.reduce((total, ms) => total + ms, 0);
  const sendsAtMs = WAITS_MS.map((_, n) => WAITS_MS.slice(0, n).reduce((sum, ms) => sum + ms, 0));
  const exchange = { ...to, sendsAtMs, waitMs, make, read: (data: Buffer) => data };
  const { sent, ...ended } = await exchangeDatagrams(connect, exchange, context);
  // Who reports an error, the probe behind this one sees.
  if (ended.kind !== "answer") {
    return { outcome: { kind: "no-reply", waitedMs: context.clock.now() - startedMs }, sent };
  }
  const answer = { rttMs: ended.afterMs, replyTtl: null };
  return { outcome: { kind: "reply", from: to.address, with: "data", ...answer }, sent };
}
