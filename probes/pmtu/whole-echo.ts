// An echo as large as the link takes, where a cached PMTU keeps TCP small or TCP is not asked for: a reply that comes
// whole met no smaller link inbound.

import { cachedPmtuTo } from "../../src/facts/size/cached.ts";
import { fullSize } from "../../src/facts/size/full-size.ts";
import { outboundFacts } from "../../src/facts/size/outbound.ts";
import type { Path } from "../../src/model/path.ts";
import type { Probe, ProbeContext } from "../../src/probe.ts";
import { waitFor } from "../hops/reply-wait.ts";
import type { FragmentSockets } from "../native/engine.ts";
import {
  type OutboundDeps,
  type Subject,
  subjectOf,
  withTransport,
} from "../native/outbound-sockets.ts";
import { createProbeSender, FAR_TTL } from "../probe-sender.ts";
import { TOKEN_MS } from "./outbound.ts";

/** One may be lost, and a target may hold one back. */
const TRIES = 3;

/** After all that is measured outbound: over IPv6 a router that takes less notifies this kernel and the target. */
export function createWholeEchoProbe(deps: OutboundDeps, sockets: FragmentSockets): Probe {
  return async (context) => {
    const subject = subjectOf(context.path());
    if (subject === undefined || !isWanted(context.path(), subject)) return;
    const { address, family, linkMtu } = subject;
    const to = { family, address, zoneIndex: deps.zoneIndex(address) };
    const emit: ProbeContext["emit"] = (body) =>
      context.emit(
        body.kind === "probe" ? { ...body, kind: "control-probe", about: "whole-echo" } : body,
      );
    await withTransport(
      context,
      "whole-echo",
      () => sockets.whole(to),
      async (transport) => {
        const send = createProbeSender(transport, { ...context, emit }, { address, ...deps });
        for (let tried = 0; tried < TRIES && !context.signal.aborted; tried++) {
          if (tried > 0) await context.clock.sleep(TOKEN_MS);
          const echo = { purpose: "size", ttl: FAR_TTL, sizeBytes: linkMtu } as const;
          const [result] = await send([echo], waitFor(context.path()));
          if (result?.outcome.kind !== "no-reply") return;
        }
      },
    );
  };
}

/** Only where it can settle something: on IPv6 no router would cut it on its path out. */
function isWanted(path: Path, { address, family, linkMtu }: Subject): boolean {
  const { datagram } = path;
  const isSmall = cachedPmtuTo(path, address) !== null || datagram?.outcome.kind === "reply";
  if (!isSmall || fullSize(path)?.inbound.seen !== false) return false;
  return family === 4 || (outboundFacts(path).estimate.atLeast ?? 0) >= linkMtu;
}
