// Mirrored mode: Windows has a route, and the guest's copy of it is gone.

import { routeOnHost, usableRoutes } from "../../../host/routes.ts";
import { defaultRoutes } from "../../../host/topology.ts";
import type { HostSnapshot } from "../../../schema/host-snapshot.ts";
import { cause } from "../../cause.ts";
import { meet } from "../../needs/needs.ts";
import { fires, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";
import { NO_ADDRESS_OF_WSL } from "../groups.ts";

export const mirroredRoutesLost = cause({
  id: "mirrored-routes-lost",
  area: "route",
  title: "Windows has a route to the target, and the mirrored guest's copy of it is gone",
  segment: "linux-stack",
  severity: "fault",
  direction: "outbound",
  dependsOn: ["route-blocks", ...NO_ADDRESS_OF_WSL],
  differentialCauses: ["no-default-route"],
  needs: ["mirrored"],
  judge: (facts) => {
    const { path, dns: names } = facts;
    const lookup = path.lookups[0];
    const hasDefault = path.routes?.routes.some(({ prefix }) => prefix.endsWith("/0")) === true;
    const dead =
      names.configured.length > 0 &&
      names.configured.every(({ status }) => status === "unreachable");
    const lost = lookup === undefined ? dead && !hasDefault : lookup.outcome.kind === "no-route";
    if (!lost) return rejected(say("hasRoute"), lookup === undefined ? [] : [lookup.id]);
    const snapshot = meet(facts, "snapshot", "noRoutesOfHost");
    if (snapshot.kind !== "met") return snapshot;
    const host = path.host === null ? [] : [path.host.id];
    const route = hostRoute(snapshot.value, lookup?.address);
    if (route === null) return rejected(say("noRouteOnHost"), host);
    return fires({
      confidence: "exact",
      segment: "linux-stack",
      between: null,
      direction: "outbound",
      summary: say("found", { address: lookup?.address ?? null, adapter: route.adapter.name }),
      evidence: [...(lookup === undefined ? [] : [lookup.id]), ...host],
      fixes: [
        {
          where: "windows",
          title: say("restart"),
          commands: ["wsl --shutdown"],
          persistent: false,
        },
      ],
    });
  },
});

/** Windows' route to the target; where no address is known, its best default route. */
function hostRoute(snapshot: HostSnapshot, address: string | undefined) {
  if (address === undefined) return defaultRoutes(usableRoutes(snapshot), 4)[0] ?? null;
  const route = routeOnHost(snapshot, address);
  return route.known ? route : null;
}
