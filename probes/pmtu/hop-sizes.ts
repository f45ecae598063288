// What a run about sizes probes beyond the path itself: every hop at every candidate MTU,
// and the target over ICMP.

import { isFromTarget } from "../../src/facts/connection/subject.ts";
import { outboundFacts } from "../../src/facts/size/outbound.ts";
import type { Path } from "../../src/model/path.ts";
import type { ProbeContext } from "../../src/probe.ts";
import { NO_ECHO } from "../../src/schema/constants.ts";
import type { ProbeSender, ProbeSpec } from "../probe-sender.ts";
import { type OutboundInput, sweepOutbound } from "./outbound.ts";

/** Sizes probed at one hop at most: its rate limit lets few answers go (net.ipv4.icmp_ratelimit). */
const MAX_SIZES = 5;

/**
 * Probes the hops that answer, largest size first; one that answered gets nothing smaller.
 * All of them are probed together: each has a rate limit of its own.
 */
export async function sweepHopSizes(
  send: ProbeSender,
  context: ProbeContext,
  options: { readonly address: string; readonly linkMtu: number; readonly waitMs: number },
): Promise<void> {
  const { address, linkMtu, waitMs } = options;
  const before = context.path();
  const sizes = sizesInQuestion(before, linkMtu);
  const hops = answeringHops(before, address);
  for (const sizeBytes of sizes) {
    const seen = context.path().probes.filter((probe) => probe.address === address);
    const open = hops.filter(
      (ttl) =>
        !seen.some(
          (probe) =>
            probe.ttl === ttl &&
            probe.protocol === "udp" &&
            (probe.outcome.kind === "time-exceeded"
              ? probe.sizeBytes >= sizeBytes
              : probe.outcome.kind === "too-big" && probe.sizeBytes <= sizeBytes),
        ),
    );
    const asks = (ttls: readonly number[]) =>
      ttls.map((ttl): ProbeSpec => ({ purpose: "size", ttl, sizeBytes }));
    const silent = (await send(asks(open), waitMs)).filter(
      ({ outcome }) => outcome.kind === "no-reply",
    );
    // One silence may be loss.
    if (silent.length > 0) await send(asks(silent.map(({ ttl }) => ttl)), waitMs);
  }
}

/** The link's MTU, what messages named, and both sides of the limit that was found; largest first. */
function sizesInQuestion(path: Path, linkMtu: number): readonly number[] {
  const { atLeast, below } = outboundFacts(path).estimate;
  const named = path.probes.flatMap(({ outcome }) =>
    outcome.kind === "too-big" ? [outcome.mtu] : [],
  );
  const all = new Set([linkMtu, ...named, atLeast ?? linkMtu, below ?? linkMtu]);
  const sizes = [...all].filter((size) => size > 0 && size <= linkMtu).sort((a, b) => b - a);
  return sizes.slice(0, MAX_SIZES);
}

function answeringHops(path: Path, address: string): readonly number[] {
  const ttls = path.probes.flatMap((probe) =>
    probe.address === address &&
    probe.protocol === "udp" &&
    probe.outcome.kind === "time-exceeded" &&
    probe.outcome.from !== address
      ? [probe.ttl]
      : [],
  );
  return [...new Set(ttls)].sort((a, b) => a - b);
}

/**
 * The target's echo replies by size. An answer shows that the size got out; silence may be the reply's,
 * which is as large as its request.
 */
export async function sweepEcho(
  send: ProbeSender,
  context: ProbeContext,
  input: OutboundInput,
): Promise<void> {
  const { ttl, smallBytes: sizeBytes, waitMs, target } = input;
  const [control] = await send([{ purpose: "control", ttl, sizeBytes }], waitMs);
  if (control === undefined || !isFromTarget(control.outcome, target)) {
    const reason = NO_ECHO;
    context.emit({ kind: "probe-skipped", probe: "icmp-sizes", reason });
    return;
  }
  await sweepOutbound(send, context, input);
}
