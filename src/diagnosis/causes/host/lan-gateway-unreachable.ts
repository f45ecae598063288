// The Windows host does not get as far as the first router of the adapter that the packets leave by.

import { tracedAddress } from "../../../facts/connection/subject.ts";
import type { Facts } from "../../../facts/facts.ts";
import { firstRouterOf } from "../../../facts/reach/host-path.ts";
import { hostEvidence } from "../../../facts/reach/path-host.ts";
import { addressOf } from "../../../host/address.ts";
import { routeOnHost, usableRoutes } from "../../../host/routes.ts";
import { defaultRoutes } from "../../../host/topology.ts";
import { cause } from "../../cause.ts";
import { type Grade, weaker } from "../../confidence.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { asReported, say } from "../../words.ts";
import { BEFORE_THE_HOST } from "../groups.ts";

export const lanGatewayUnreachable = cause({
  id: "lan-gateway-unreachable",
  area: "host",
  title: "The Windows host cannot reach its own first router",
  segment: "lan-gateway",
  severity: "fault",
  direction: "both",
  dependsOn: BEFORE_THE_HOST,
  differentialCauses: ["host-forwarding-blocked", "vpn-tunnel-dead", "gateway-unreachable"],
  needs: ["hostOnPath", "attempt"],
  judge: (facts) => {
    const { guest, host } = facts;
    for (const seen of [guest.beyond, guest.elsewhere, host.target, host.firstRouter]) {
      if (seen.state === "yes") return rejected(asReported(seen), seen.evidence);
    }
    if (host.firstRouter.state === "no") {
      const { reason, evidence } = host.firstRouter;
      const shown = { by: "host", reason } as const;
      return unreachable(facts, "measured", shown, [...evidence, ...guest.beyond.evidence]);
    }
    return withoutRoute(facts) ?? byWitness(facts) ?? notChecked(asReported(host.firstRouter));
  },
});

/** Who found the router silent: Windows itself, or the distro by what Windows answered it. */
type Shown =
  | { readonly by: "host"; readonly reason: string }
  | { readonly by: "guest"; readonly router: string };

function unreachable({ vpn }: Facts, confidence: Grade, shown: Shown, evidence: readonly string[]) {
  const nic = vpn?.known ? (vpn.inVpn && vpn.outer.known ? vpn.outer.adapter : vpn.adapter) : null;
  return fires({
    confidence,
    segment: "lan-gateway",
    between: null,
    direction: "both",
    summary: say("found", { shown, adapter: nic?.name ?? null }),
    evidence,
    fixes: [],
  });
}

/** The cable or the Wi-Fi is off: no adapter of Windows leads anywhere, and Windows found that out itself. */
function withoutRoute(facts: Facts) {
  const { path } = facts;
  const snapshot = path.host?.snapshot ?? null;
  const address = tracedAddress(path);
  const { target } = facts.host;
  if (snapshot === null || address === undefined || target.state !== "no") return undefined;
  const route = routeOnHost(snapshot, address);
  if (route.known || route.kind !== "no-route") return undefined;
  const other = addressOf(address)?.family === 6 ? 4 : 6;
  if (defaultRoutes(usableRoutes(snapshot), other).length > 0) {
    return rejected(say("otherFamily", { other, address }), hostEvidence(path));
  }
  return fires({
    confidence: target.fresh ? "exact" : weaker("exact"),
    segment: "physical-nic",
    between: null,
    direction: "both",
    summary: say("noRoute", { address, reason: target.reason }),
    evidence: [...(path.host === null ? [] : [path.host.id]), ...target.evidence],
    fixes: [],
  });
}

/** Windows' own report to the distro: the next hop did not answer ARP. A tunnel needs no neighbour discovery. */
function byWitness(facts: Facts) {
  const { vpn, guest } = facts;
  if (guest.refusedByGateway.length === 0 || vpn === null || !vpn.known || vpn.inVpn) {
    return undefined;
  }
  const router = firstRouterOf(vpn);
  if (router === null) return undefined;
  return unreachable(facts, "inferred", { by: "guest", router }, guest.refusedByGateway);
}
