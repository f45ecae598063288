// Data over an open connection to the target, beside connection requests that are lost.

import { TCP_HEADERS } from "../../src/facts/connection/attempt.ts";
import { defaultAttempt } from "../../src/facts/connection/subject.ts";
import { inboundFacts } from "../../src/facts/size/inbound.ts";
import type { Path } from "../../src/model/path.ts";
import type { ProbeContext } from "../../src/probe.ts";
import type { Family } from "../../src/schema/events/common.ts";
import { probeOpenFlow } from "../tcp/open-flow.ts";
import { ownRequest } from "./own-request.ts";
import type { TcpDeps } from "./tcp-stages.ts";

export type OpenFlowProbe = (context: ProbeContext, lastsMs: number) => Promise<void>;

export function createOpenFlowProbe(deps: TcpDeps): OpenFlowProbe {
  return async (context, lastsMs) => {
    const { run, requested } = context.path();
    const attempt = defaultAttempt(context.path());
    // A connection of this probe's own would go to the proxy and ask it for nothing.
    if (run === null || requested !== null || attempt === undefined) return;
    const request = ownRequest(deps, run.target);
    if (request === null) return;
    const { address, family, port } = attempt;
    const zoneIndex = deps.zoneIndex(address);
    const mss = passingMss(context.path(), family);
    const spec = { address, family, port, mss, zoneIndex, request, lastsMs };
    const found = await probeOpenFlow(deps.libc, spec, context);
    if (found !== null && !context.signal.aborted) context.emit(found);
  };
}

/** Segments of a size that came through, where larger ones are lost. */
function passingMss(path: Path, family: Family): number | null {
  const { hungIn, interval } = inboundFacts(path);
  if (hungIn === null || interval.passed === null) return null;
  return interval.passed - TCP_HEADERS[family];
}
