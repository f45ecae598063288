// Data over an open connection to the target, beside connection requests that are lost.

import { defaultAttempt } from "../../src/facts/connection/subject.ts";
import type { ProbeContext } from "../../src/probe.ts";
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
    const spec = { address, family, port, zoneIndex, request, lastsMs };
    const found = await probeOpenFlow(deps.libc, spec, context);
    if (found !== null && !context.signal.aborted) context.emit(found);
  };
}
