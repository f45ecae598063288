// Windows has IPv6 alone, and WSL's NAT gives the distro IPv4 alone.

import { tracedAddress } from "../../../facts/connection/subject.ts";
import { hostEvidence } from "../../../facts/reach/path-host.ts";
import { addressOf } from "../../../host/address.ts";
import { routeOnHost, usableRoutes } from "../../../host/routes.ts";
import { defaultRoutes } from "../../../host/topology.ts";
import { cause } from "../../cause.ts";
import { aged } from "../../confidence.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { asReported, say } from "../../words.ts";
import { BEFORE_THE_HOST } from "../groups.ts";

export const hostWithoutIpv4 = cause({
  id: "host-without-ipv4",
  area: "host",
  title: "Windows has IPv6 alone, and its NAT gives IPv4 alone",
  segment: "windows-stack",
  severity: "fault",
  direction: "outbound",
  dependsOn: BEFORE_THE_HOST,
  differentialCauses: ["lan-gateway-unreachable", "host-forwarding-blocked", "no-default-route"],
  needs: ["behindHost", "nat", "snapshot", "attempt"],
  judge: (facts, { snapshot }) => {
    const { guest, host, path, reach } = facts;
    const address = tracedAddress(path) ?? "";
    if (addressOf(address)?.family !== 4) return rejected(say("otherFamily"), []);
    for (const seen of [guest.beyond, host.target]) {
      if (seen.state === "yes") return rejected(asReported(seen), seen.evidence);
    }
    if (guest.beyond.state === "unknown") return notChecked(asReported(guest.beyond));
    const route = routeOnHost(snapshot, address);
    if (route.known) return rejected(say("hasRoute", { route: route.because }), hostEvidence(path));
    if (route.kind !== "no-route") return notChecked(asReported(route));
    const routes = usableRoutes(snapshot);
    const hasIpv6 = defaultRoutes(routes, 6).length > 0;
    if (!hasIpv6 || defaultRoutes(routes, 4).length > 0) {
      return rejected(say("notTheFamily", { hasIpv6 }), hostEvidence(path));
    }
    const said = reach.refusals.find(({ says, ttl }) => says === "network" && ttl <= 1);
    return fires({
      // Windows' own word to the distro, or the table of its routes.
      confidence: said === undefined ? aged(path, "measured") : "exact",
      segment: "windows-stack",
      between: null,
      direction: "outbound",
      summary: say("found", { address, from: said?.from ?? null }),
      evidence: [
        ...hostEvidence(path),
        ...guest.beyond.evidence,
        ...(said === undefined ? [] : [said.id]),
      ],
      fixes: [],
    });
  },
});
