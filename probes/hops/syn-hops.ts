// SYNs that expire at each hop that answers: the original datagrams in the errors show who rewrites the MSS (as tracebox does).

import { mssFacts } from "../../src/facts/size/mss.ts";
import type { Path } from "../../src/model/path.ts";
import type { Probe, ProbeContext } from "../../src/probe.ts";
import {
  HTTPS_PORT,
  type OutboundDeps,
  showsRouters,
  subjectOf,
  withTransport,
} from "../native/outbound-sockets.ts";
import { TOKEN_MS } from "../pmtu/outbound.ts";
import { createProbeSender, type ProbeSender, type ProbeSpec } from "../probe-sender.ts";
import { waitFor } from "./reply-wait.ts";

export function createSynHopsProbe(deps: OutboundDeps): Probe {
  return async (context) => {
    const path = context.path();
    const subject = subjectOf(path);
    if (subject === undefined || !isWanted(path)) return;
    const { address, family } = subject;
    const ttls = answeringHops(path, address);
    if (ttls.length === 0) return;
    const port = path.run?.target.port ?? HTTPS_PORT;
    const to = { family, address, port, zoneIndex: deps.zoneIndex(address) };
    await withTransport(
      context,
      "syn-hops",
      () => deps.engine.syn(to),
      async (transport) => {
        if (!showsRouters(context, "syn-hops", transport)) return;
        const send = createProbeSender(transport, context, { address, ...deps });
        const { smallestBytes: sizeBytes } = transport;
        await sendToHops(send, context, { ttls, sizeBytes, waitMs: waitFor(context.path()) });
      },
    );
  };
}

/** In a run about sizes, and where TCP sends smaller segments than this machine's MSS allows. */
function isWanted(path: Path): boolean {
  if (path.run?.command === "mtu") return true;
  const { offered, accepted } = mssFacts(path);
  return offered !== null && accepted !== null && accepted < offered;
}

function answeringHops(path: Path, address: string): readonly number[] {
  const ttls = path.probes.flatMap((probe) =>
    probe.address === address && probe.outcome.kind === "time-exceeded" ? [probe.ttl] : [],
  );
  return [...new Set(ttls)].sort((a, b) => a - b);
}

/** Each hop once, and once more those that were silent: their rate limits may have been used up. */
async function sendToHops(
  send: ProbeSender,
  { clock, signal }: ProbeContext,
  options: {
    readonly ttls: readonly number[];
    readonly sizeBytes: number;
    readonly waitMs: number;
  },
): Promise<void> {
  const { ttls, sizeBytes, waitMs } = options;
  const asks = (some: readonly number[]) =>
    some.map((ttl): ProbeSpec => ({ purpose: "hop", ttl, sizeBytes }));
  const results = await send(asks(ttls), waitMs);
  const silent = results.filter(({ outcome }) => outcome.kind === "no-reply");
  if (silent.length === 0 || signal.aborted) return;
  await clock.sleep(TOKEN_MS);
  await send(asks(silent.map(({ ttl }) => ttl)), waitMs);
}
