// Outbound probes behind the path itself: sizes hop by hop and over ICMP, further flows, candidate sizes, loss.

import { isMixed, tcpFlows } from "../../src/facts/loss/tcp-flows.ts";
import { FLOWS_WHEN_AMBIGUOUS, SYN_GAP_MS } from "../../src/facts/loss/thresholds.ts";
import { outboundFacts } from "../../src/facts/size/outbound.ts";
import type { Probe, ProbeContext } from "../../src/probe.ts";
import {
  type OutboundDeps,
  openSyn,
  openUdpFlows,
  type Subject,
  subjectOf,
  UDP_PORT,
  withTransport,
} from "../native/outbound-sockets.ts";
import type { Transport } from "../native/transport.ts";
import { sweepEcho, sweepHopSizes } from "../pmtu/hop-sizes.ts";
import { sweepCandidates } from "../pmtu/outbound.ts";
import { createProbeSender, type ProbeSender } from "../probe-sender.ts";
import type { OpenFlowProbe } from "../stages/open-flow.ts";
import { isLossInQuestion, measureLoss } from "./loss-measurement.ts";
import { outboundInput, overUdp, takesSizes } from "./over-udp.ts";
import { waitFor } from "./reply-wait.ts";
import { sendFlows } from "./udp-flows.ts";

/** Every hop at every size in question, and the target over ICMP: in a run about sizes. */
export function createHopSizesProbe(deps: OutboundDeps): Probe {
  return async (context) => {
    if (context.path().run?.command !== "mtu") return;
    await overUdp(deps, context, async (_, __, transport, { address, linkMtu }) => {
      if (!takesSizes(context, "udp-sizes", transport)) return;
      const send = createProbeSender(transport, context, { address, ...deps });
      await sweepHopSizes(send, context, { address, linkMtu, waitMs: waitFor(context.path()) });
    });
    await probeEcho(deps, context);
  };
}

const ECHO_SIZES = "icmp-sizes";

async function probeEcho(deps: OutboundDeps, context: ProbeContext): Promise<void> {
  const subject = subjectOf(context.path());
  if (subject === undefined) return;
  const { address, family } = subject;
  const to = { family, address, zoneIndex: deps.zoneIndex(address) };
  const open = () => deps.engine.echo(to);
  await withTransport(context, ECHO_SIZES, open, async (transport) => {
    if (transport.cachesAbove !== null) {
      const reason = "the kernel would cache the MTU of every ICMPv6 packet-too-big message";
      context.emit({ kind: "probe-skipped", probe: ECHO_SIZES, reason });
      return;
    }
    const send = createProbeSender(transport, context, { address, ...deps });
    const input = outboundInput(deps, context, transport, subject);
    await sweepEcho(send, context, { ...input, packetTooBigCount: async () => undefined });
  });
}

/** The hops of further flows, where more than one was requested. */
export function createUdpFlowsProbe(deps: OutboundDeps): Probe {
  return async (context) => {
    const path = context.path();
    const subject = subjectOf(path);
    const asked = path.run?.options.flows ?? 1;
    const isAmbiguous = isMixed(tcpFlows(path));
    const count = (isAmbiguous ? Math.max(asked, FLOWS_WHEN_AMBIGUOUS) : asked) - 1;
    if (subject === undefined || count < 1) return;
    const { flows, close } = openUdpFlows(deps, context, subject, { count, numbered: true });
    await sendFlows(flows, context, { untilDecided: asked < 2 }).finally(close);
  };
}

/** The sizes that something names as a limit, where silence and TCP data left a range. */
export function createCandidateSizesProbe(deps: OutboundDeps): Probe {
  return async (context) => {
    const { estimate } = outboundFacts(context.path());
    const open = estimate.below !== null && estimate.silent && !estimate.exact;
    if (open) await overUdp(deps, context, probeCandidates);
  };
}

/** Loss, where something suggests it. */
export function createLossProbe(deps: OutboundDeps, openFlow: OpenFlowProbe): Probe {
  return async (context) => {
    if (!isLossInQuestion(context)) return;
    const subject = subjectOf(context.path());
    const syn = subject && openSyn(deps, context, subject, {}, SYN_GAP_MS);
    if (!subject || !syn) return;
    const elsewhere = openSyn(deps, context, subject, { port: UDP_PORT }, SYN_GAP_MS);
    const udp = openUdpFlows(deps, context, subject, { count: LOSS_FLOWS, numbered: false });
    const waitMs = Math.min(MAX_SYN_WAIT_MS, waitFor(context.path()));
    try {
      await measureLoss(context, {
        syn,
        udp: udp.flows,
        elsewhere: elsewhere?.send ?? NOTHING_SENT,
        waitMs,
        openFlow: (lastsMs) => openFlow(context, lastsMs),
      });
    } finally {
      udp.close();
      syn.close();
      elsewhere?.close();
    }
  };
}

const NOTHING_SENT: ProbeSender = async () => [];

/** Each is probed in turn: few sockets, and two of them on one dead path are still not all. */
const LOSS_FLOWS = 5;
/** A SYN is given up before the kernel repeats it, after a second. */
const MAX_SYN_WAIT_MS = 900;

async function probeCandidates(
  deps: OutboundDeps,
  context: ProbeContext,
  transport: Transport,
  subject: Subject,
): Promise<void> {
  if (!takesSizes(context, "udp-sizes", transport)) return;
  const send = createProbeSender(transport, context, { address: subject.address, ...deps });
  await sweepCandidates(send, context, outboundInput(deps, context, transport, subject));
}
