// The Windows host does not get as far as the first router of the adapter that the packets leave by.

import { tracedAddress } from "../../../facts/connection/subject.ts";
import type { Facts } from "../../../facts/facts.ts";
import { firstRouterOf } from "../../../facts/reach/host-path.ts";
import { addressOf } from "../../../host/address.ts";
import { routeOnHost, usableRoutes } from "../../../host/routes.ts";
import { defaultRoutes } from "../../../host/topology.ts";
import { cause } from "../../cause.ts";
import { type Confidence, exact, inferred, measured } from "../../confidence.ts";
import { fires, notChecked, type Outcome, rejected } from "../../outcome.ts";
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
    for (const { state: reported, reason: because, evidence } of [guest.beyond, guest.elsewhere]) {
      if (reported === "yes") return rejected(because, evidence);
    }
    if (host.target.state === "yes") return rejected(host.target.reason, host.target.evidence);
    if (host.firstRouter.state === "yes") {
      return rejected(host.firstRouter.reason, host.firstRouter.evidence);
    }
    if (host.firstRouter.state === "no") {
      const { reason: because, evidence } = host.firstRouter;
      return unreachable(facts, measured(0.92), because, [...evidence, ...guest.beyond.evidence]);
    }
    return withoutRoute(facts) ?? formatWitness(facts) ?? notChecked(host.firstRouter.reason);
  },
});

function unreachable(
  { vpn }: Facts,
  confidence: Confidence,
  summary: string,
  evidence: readonly string[],
): Outcome {
  const nic = vpn?.known ? (vpn.inVpn && vpn.outer.known ? vpn.outer.adapter : vpn.adapter) : null;
  const leads = nic === null ? "" : ` on ${nic.name}`;
  return fires({
    confidence,
    segment: "lan-gateway",
    between: null,
    direction: "both",
    summary: `${summary}${leads}: Windows does not reach the home or office network itself`,
    evidence,
    fixes: [],
  });
}

/** The cable or the Wi-Fi is off: no adapter of Windows leads anywhere, and Windows found that out itself. */
function withoutRoute(facts: Facts): Outcome | undefined {
  const { path } = facts;
  const snapshot = path.host?.snapshot ?? null;
  const address = tracedAddress(path);
  const { target } = facts.host;
  if (snapshot === null || address === undefined || target.state !== "no") return undefined;
  const route = routeOnHost(snapshot, address);
  if (route.known || route.kind !== "no-route") return undefined;
  const other = addressOf(address)?.family === 6 ? 4 : 6;
  if (defaultRoutes(usableRoutes(snapshot), other).length > 0) {
    return notChecked(`Windows has a route over IPv${other} alone, and none to ${address}`);
  }
  return fires({
    confidence: exact(target.fresh ? 0.85 : 0.7),
    segment: "physical-nic",
    between: null,
    direction: "both",
    summary: `Windows has no route to ${address}, as no adapter that leads to a router is up; ${target.reason}`,
    evidence: [...(path.host === null ? [] : [path.host.id]), ...target.evidence],
    fixes: [],
  });
}

/** Windows' own report to the distro: the next hop did not answer ARP. A tunnel needs no neighbour discovery. */
function formatWitness(facts: Facts): Outcome | undefined {
  const { vpn, guest } = facts;
  if (guest.refusedByGateway.length === 0 || vpn === null || !vpn.known || vpn.inVpn) {
    return undefined;
  }
  const router = firstRouterOf(vpn);
  if (router === null) return undefined;
  const words = `Windows reports host unreachable for what is routed to its first router ${router}`;
  return unreachable(facts, inferred(0.8), words, guest.refusedByGateway);
}
