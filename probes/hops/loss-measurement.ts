// Whether packets are lost whatever their size, and from which hop on: measured only where something suggests it.
//
//  1. SYNs to the target's own port: their answers have no rate limit, as those of ICMP have.
//  2. Where some are lost: every hop by TTL, in rounds slow enough for the limit of Linux routers
//     (net.ipv4.icmp_ratelimit), further SYNs at that rate, and small segments over a connection that is
//     open: who admits few connections a second loses those of 1 and not the slow ones, and who drops
//     connection requests alone loses no data. SYNs to a port where nobody listens are reset by a kernel that needs no
//     server for it: where these come through, the server has no time for more connections.

import { isFromTarget, tracedAddress } from "../../src/facts/connection/subject.ts";
import { lossSuspected } from "../../src/facts/loss/loss.ts";
import { isMuch, measuredLoss } from "../../src/facts/loss/loss-measurement.ts";
import { reachFacts } from "../../src/facts/reach/reach.ts";
import { inboundFacts } from "../../src/facts/size/inbound.ts";
import type { Path } from "../../src/model/path.ts";
import type { ProbeContext } from "../../src/probe.ts";
import { FAR_TTL, type ProbeSender, type ProbeSpec } from "../probe-sender.ts";
import { connectionsLeft } from "../protocols/connection-limits.ts";
import type { Prober } from "./ttl-sweep.ts";

export interface LossInput {
  /** At a limited rate, to the target's port. */
  readonly syn: { readonly send: ProbeSender; readonly sizeBytes: number };
  /** Several flows: where routers balance, each may take another path, as connections do. */
  readonly udp: readonly Prober[];
  /** SYNs to a port of the target where nobody is expected to listen. */
  readonly elsewhere: ProbeSender;
  readonly waitMs: number;
  /** Sends data over an open connection for so long. */
  openFlow(lastsMs: number): Promise<void>;
}

/** Half of the SYNs; the other half only when one of these is lost. */
const HALF = 20;
/** With the six answers that Linux routers have in store, and one more a second, all can be given. The SYNs are no more than that. */
const ROUNDS = 10;
const ROUND_MS = 1050;
/** As long as the rounds last. */
const OPEN_FLOW_MS = ROUNDS * ROUND_MS;
/** Of the SYNs to another port, in each round: as many as tell a tenth that is lost from none. */
const ELSEWHERE = 3;
/** Longer paths are sampled from their near end on: more probes than this would load the network. */
const MAX_HOPS = 20;

/** Hops behind the last that answered, where the target's distance is unknown: loss hides hops. */
const BEYOND = 4;

/** Whether anything in the run suggests loss, and the target answers SYNs, so that it can be measured. */
export function isLossInQuestion({ path, signal }: ProbeContext): boolean {
  const now = path();
  const { connect, refusals } = reachFacts(now);
  const answers = connect === "passed" || connect === "refused" || hasAnsweredSyn(now);
  // An ICMP message instead of a SYN's answer has a rate limit: what is silent then is not lost.
  const limited = refusals.some(({ protocol }) => protocol === "tcp");
  // Elsewhere so many connections are an offence (sshd's penalties, MySQL's count of errors).
  const isWelcome = connectionsLeft(now) >= 2 * HALF + ROUNDS;
  return (
    !signal.aborted && answers && !limited && isWelcome && lossSuspected(now, inboundFacts(now))
  );
}

/** The target's port, whatever the default attempt met with: its three SYNs may be lost in a row. */
function hasAnsweredSyn(path: Path): boolean {
  const address = tracedAddress(path);
  return [...path.probes, ...path.flowProbes].some(
    (probe) =>
      probe.protocol === "tcp" &&
      probe.port === undefined &&
      probe.address === address &&
      isFromTarget(probe.outcome, probe.address),
  );
}

export async function measureLoss(context: ProbeContext, input: LossInput): Promise<void> {
  const { syn, waitMs } = input;
  const one: ProbeSpec = { purpose: "loss", ttl: FAR_TTL, sizeBytes: syn.sizeBytes };
  const half = () =>
    syn.send(
      Array.from({ length: HALF }, () => one),
      waitMs,
    );
  await half();
  if ((measuredLoss(context.path())?.lost ?? 0) === 0) return;
  await half();
  const measured = measuredLoss(context.path());
  if (measured === null || !isMuch(measured)) return;
  await Promise.all([sendToHops(context, input, one), input.openFlow(OPEN_FLOW_MS)]);
}

async function sendToHops(
  context: ProbeContext,
  { syn, udp, elsewhere, waitMs }: LossInput,
  slow: ProbeSpec,
): Promise<void> {
  const { distance, farthest } = reachFacts(context.path());
  // The target too: where it answers all of this, what is lost are SYNs and not packets.
  const last = distance ?? (farthest?.ttl ?? 0) + BEYOND;
  const ttls = Array.from({ length: Math.min(last, MAX_HOPS) }, (_, n) => n + 1);
  const { clock, signal } = context;
  for (let round = 0; round < ROUNDS && ttls.length > 0 && !signal.aborted; round += 1) {
    const flow = udp[round % udp.length];
    if (flow === undefined) return;
    const { send, smallestBytes: sizeBytes } = flow;
    const startedMs = clock.now();
    const specs = ttls.map((ttl): ProbeSpec => ({ purpose: "loss", ttl, sizeBytes }));
    const roundWaitMs = Math.min(waitMs, ROUND_MS);
    // What was sent before the first round ends is of 1.
    const slowOnes = round === 0 ? [] : [slow];
    await Promise.all([
      send(specs, roundWaitMs),
      syn.send(slowOnes, roundWaitMs),
      elsewhere(
        Array.from({ length: ELSEWHERE }, () => slow),
        roundWaitMs,
      ),
    ]);
    await clock.sleep(Math.max(0, ROUND_MS - (clock.now() - startedMs)));
  }
}
