// Runs by name that between them end in every verdict.

import type { EventBody } from "../../src/schema/event.ts";
import { dnsReply, NO_DNS_REPLY, RESOLVER, resolverConfig } from "./events.ts";
import { plainHost, vpnHost } from "./host.ts";
import { control, hops, NO_REPLY as SILENT, size } from "./probes.ts";
import { run, sizesAround, vpnBlackhole } from "./runs.ts";
import { hanging, NO_REPLY, passing, recovering, sweep, unconnected, upload } from "./tcp.ts";

const silent = [control(), size(1500, SILENT), control(), size(1500, SILENT)];

export const VERDICT_RUNS: Readonly<Record<string, readonly EventBody[]>> = {
  healthy: run(),
  "healthy with a VPN": run({ host: vpnHost(), tcp: passing("t1", { received: 1400 }) }),
  "healed at once": run({ tcp: recovering("t1", 100, { received: 1400 }) }),
  "inbound black hole": vpnBlackhole(),
  "both directions silent": run({
    host: vpnHost(),
    tcp: [
      ...hanging("t1"),
      ...sweep(1400, sizesAround(1400)),
      ...upload("u1", 1400, true),
      ...upload("u2", 1401, false),
    ],
    udp: silent,
  }),
  "no name": run({
    host: plainHost,
    names: [resolverConfig(), dnsReply(RESOLVER, NO_DNS_REPLY)],
    lookups: [],
    tcp: [],
    udp: [],
  }),
  "no answer": run({ tcp: unconnected(NO_REPLY), udp: hops([null, null], false) }),
};
