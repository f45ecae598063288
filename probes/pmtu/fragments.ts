// Fragments as a question of their own: datagrams without DF that are larger than the link, over UDP and as echoes.
//
// A UDP datagram's answer is small, so it tests the outbound path alone; an echo reply is as large as its
// request and comes back in fragments, so its arrival tests both directions.

import { isFromTarget } from "../../src/facts/connection/subject.ts";
import { SILENCES } from "../../src/facts/loss/thresholds.ts";
import type { Probe, ProbeContext } from "../../src/probe.ts";
import { waitFor } from "../hops/reply-wait.ts";
import type { FragmentSockets } from "../native/engine.ts";
import {
  type OutboundDeps,
  type Subject,
  subjectOf,
  UDP_PORT,
  withTransport,
} from "../native/outbound-sockets.ts";
import type { Transport } from "../native/transport.ts";
import { createProbeSender, FAR_TTL, type ProbeSender } from "../probe-sender.ts";

/** What each is reported as when it is skipped. */
const NAMES = ["udp-fragments", "icmp-fragments"] as const;
/** RFC 791 s.3.1: the length field of the whole packet. */
const MAX_PACKET = 65535;
/** Beyond the link's MTU: the second fragment of a size that nobody takes for a runt. */
const BEYOND_BYTES = 552;
/** One token of Linux' ICMP rate limit comes back in a second. */
const TOKEN_MS = 1050;
/** Controls without an answer after which the target is not probed further. */
const MAX_VOID = 2;

export function createFragmentsProbe(deps: OutboundDeps, sockets: FragmentSockets): Probe {
  return async (context) => {
    const subject = subjectOf(context.path());
    if (context.path().run?.command !== "mtu" || subject === undefined) return;
    if (subject.linkMtu + BEYOND_BYTES > MAX_PACKET) {
      const reason = "the link takes the largest IP packet whole";
      for (const probe of NAMES) context.emit({ kind: "probe-skipped", probe, reason });
      return;
    }
    const [udp, icmp] = NAMES;
    const { address, family } = subject;
    const to = { family, address, zoneIndex: deps.zoneIndex(address) };
    const send = (name: string, open: () => Transport) =>
      withTransport(context, name, open, (transport) =>
        sendInFragments(senderFor(deps, context, transport, subject), context, transport, subject),
      );
    await Promise.all([
      send(udp, () => sockets.udp({ ...to, port: UDP_PORT })),
      send(icmp, () => sockets.echo(to)),
    ]);
  };
}

function senderFor(
  deps: OutboundDeps,
  context: ProbeContext,
  transport: Transport,
  { address }: Subject,
): ProbeSender {
  const emit: ProbeContext["emit"] = (body) =>
    context.emit(
      body.kind === "probe" ? { ...body, kind: "control-probe", about: "fragments" } : body,
    );
  return createProbeSender(transport, { ...context, emit }, { address, ...deps });
}

async function sendInFragments(
  send: ProbeSender,
  { path, clock, signal }: ProbeContext,
  { smallestBytes }: Transport,
  { address, linkMtu }: Subject,
): Promise<void> {
  const waitMs = waitFor(path());
  const answered = async (purpose: "size" | "control", sizeBytes: number) => {
    const [results] = await send([{ purpose, ttl: FAR_TTL, sizeBytes }], waitMs);
    return results !== undefined && isFromTarget(results.outcome, address);
  };
  let silences = 0;
  for (let unanswered = 0; silences < SILENCES && unanswered < MAX_VOID && !signal.aborted; ) {
    if (await answered("size", linkMtu + BEYOND_BYTES)) return;
    if (await answered("control", smallestBytes)) silences += 1;
    else unanswered += 1;
    await clock.sleep(TOKEN_MS);
  }
}
