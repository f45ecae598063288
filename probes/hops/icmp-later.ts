// Asks once more, later, where no ICMP message was received: routers may have used up theirs on others.

import { muteFacts } from "../../src/facts/reach/mute.ts";
import { reachFacts } from "../../src/facts/reach/reach.ts";
import type { Probe } from "../../src/probe.ts";
import type { OutboundDeps } from "../native/outbound-sockets.ts";
import { TOKEN_MS } from "../pmtu/outbound.ts";
import { createProbeSender, FAR_TTL, type ProbeSpec } from "../probe-sender.ts";
import { overUdp } from "./over-udp.ts";
import { waitFor } from "./reply-wait.ts";

/** The first routers, which are those of every path, and the target. */
const TTLS = [1, 2, FAR_TTL];

/** Only where the target is connected, so that silence needs another reason than a broken path. */
export function createIcmpLaterProbe(deps: OutboundDeps): Probe {
  return async (context) => {
    const { path, clock, signal } = context;
    const { reported, isMany, mayBeLimit } = muteFacts(path());
    const isConnected = reachFacts(path()).connect === "passed";
    if (reported !== null || !isMany || !mayBeLimit || !isConnected) return;
    await clock.sleep(TOKEN_MS);
    if (signal.aborted) return;
    await overUdp(deps, context, async (_, __, transport, subject) => {
      const send = createProbeSender(transport, context, { ...subject, ...deps });
      const specs = TTLS.map(
        (ttl): ProbeSpec => ({
          purpose: ttl === FAR_TTL ? "control" : "hop",
          ttl,
          sizeBytes: transport.smallestBytes,
        }),
      );
      await send(specs, waitFor(path()));
    });
  };
}
