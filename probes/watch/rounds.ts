// Rounds of continuous mode: one probe for each hop, over sockets that stay open, so that a flow stays one flow.

import { messageOf } from "../../src/errors.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import type { ProbeContext } from "../../src/probe.ts";
import type { EventBody } from "../../src/schema/event.ts";
import type { Protocol } from "../../src/schema/events/probe.ts";
import type { RoundResult } from "../../src/watch/hop-rounds.ts";
import type { RoundProbe } from "../../src/watch/round-plan.ts";
import { HTTPS_PORT, type OutboundDeps, subjectOf, UDP_PORT } from "../native/outbound-sockets.ts";
import type { Transport } from "../native/transport.ts";
import { cookieOf } from "../packet/cookie.ts";
import { createProbeSender, FAR_TTL } from "../probe-sender.ts";

export type RoundsDeps = Omit<OutboundDeps, "candidates" | "nextCookie" | "system"> & {
  /** 16 bits that mark this process' probes. */
  readonly session: number;
  /** Which of the targets that are watched together, from 0: their numbers differ. */
  readonly place: number;
};

/** Numbers of rounds are none that the run's own probes have, and come again: what is kept of them does not grow. */
const FIRST_NUMBER = 0x8000;
const NUMBERS = 1024;
const PLACES = 32;

const WAIT = { minMs: 100, maxMs: 900, roundTrips: 4 } as const;

export function openRounds(
  deps: RoundsDeps,
  { path }: Pick<Snapshot, "path">,
  { clock, signal }: Pick<ProbeContext, "clock" | "signal">,
) {
  const subject = subjectOf(path);
  const open = new Map<Protocol, Transport | string>();
  const firstNumber = FIRST_NUMBER + (deps.place % PLACES) * NUMBERS;
  let number = 0;
  let longestMs = 0;
  const nextCookie = () => {
    number = (number + 1) % NUMBERS;
    return cookieOf(deps.session, firstNumber + number);
  };
  const transportOf = (protocol: Protocol): Transport | string => {
    if (subject === undefined) return NO_ROUTE;
    const known = open.get(protocol);
    if (known !== undefined) return known;
    const opened = opening(() => {
      const { address, family } = subject;
      const to = { family, address, zoneIndex: deps.zoneIndex(address) };
      if (protocol === "udp") return deps.engine.udp({ ...to, port: UDP_PORT });
      if (protocol === "icmp") return deps.engine.echo(to);
      return deps.engine.syn({ ...to, port: path.run?.target.port ?? HTTPS_PORT });
    });
    open.set(protocol, opened);
    return opened;
  };
  const over = async (
    protocol: Protocol,
    probes: readonly RoundProbe[],
  ): Promise<readonly RoundResult[]> => {
    const transport = transportOf(protocol);
    if (typeof transport === "string" || subject === undefined) {
      const error = typeof transport === "string" ? transport : NO_ROUTE;
      return probes.map(({ ttl }) => ({
        ttl,
        outcome: { kind: "send-failed", error },
        labels: [],
      }));
    }
    const results: RoundResult[] = [];
    const ttls = new Map(probes.map(({ ttl, isTarget }) => [isTarget ? FAR_TTL : ttl, ttl]));
    const emit = (body: EventBody) => {
      if (body.kind === "probe") {
        const { ttl, outcome, labels } = body;
        results.push({ ttl: ttls.get(ttl) ?? ttl, outcome, labels });
      }
      return { id: "e1", atMs: 0, ...body };
    };
    const context = { emit, path: () => path, clock, signal };
    // One of its own for each round: what it keeps of late answers goes with it.
    const send = createProbeSender(transport, context, {
      ...deps,
      address: subject.address,
      nextCookie,
    });
    const sizeBytes = transport.smallestBytes;
    const limitMs = Math.min(WAIT.maxMs, Math.max(WAIT.minMs, WAIT.roundTrips * longestMs));
    const specs = [...ttls.keys()].map((ttl) => ({ purpose: "hop" as const, ttl, sizeBytes }));
    await send(specs, WAIT.maxMs, (_, waitedMs) => longestMs > 0 && waitedMs > limitMs);
    return results;
  };
  return {
    send: async (probes: readonly RoundProbe[]): Promise<readonly RoundResult[]> => {
      const protocols = [...new Set(probes.map(({ protocol }) => protocol))];
      const sent = await Promise.all(
        protocols.map((one) =>
          over(
            one,
            probes.filter(({ protocol }) => protocol === one),
          ),
        ),
      );
      const results = sent.flat();
      const rtts = results.flatMap(({ outcome }) => ("rttMs" in outcome ? [outcome.rttMs] : []));
      longestMs = Math.max(longestMs, ...rtts);
      return results;
    },
    close: () => {
      for (const one of open.values()) if (typeof one !== "string") one.close();
      open.clear();
    },
  };
}

const NO_ROUTE = "ENETUNREACH";

/** Or why the kernel refuses it: tried once, not in every round. */
function opening(make: () => Transport): Transport | string {
  try {
    return make();
  } catch (error) {
    return messageOf(error);
  }
}
