// The host sends the packets into a VPN whose far end does not answer, while the path to its server works.

import type { Facts } from "../../../facts/facts.ts";
import { isTunnelDead } from "../../../facts/reach/both-vantages.ts";
import { cause } from "../../cause.ts";
import { meet } from "../../needs/needs.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { asReported, say } from "../../words.ts";
import { BEFORE_THE_HOST } from "../groups.ts";

export const vpnTunnelDead = cause({
  id: "vpn-tunnel-dead",
  area: "host",
  title: "The route leads into a VPN, and nothing beyond the tunnel answers",
  segment: "vpn-adapter",
  severity: "fault",
  direction: null,
  dependsOn: [...BEFORE_THE_HOST, "lan-gateway-unreachable"],
  differentialCauses: [
    "lan-gateway-unreachable",
    "host-forwarding-blocked",
    "vpn-mtu-inbound-blackhole",
  ],
  needs: ["vpn"],
  judge: (facts, { vpn }) => {
    const { relation, guest, host } = facts;
    if (relation?.kind !== "nat" && relation?.kind !== "same-host") {
      return notChecked(say("otherHost"));
    }
    if (!vpn.inVpn) return rejected(say("noVpn", { because: vpn.route.because }));
    const attempt = meet(facts, "attempt");
    if (attempt.kind !== "met") return attempt;
    if (guest.beyond.state === "yes")
      return rejected(asReported(guest.beyond), guest.beyond.evidence);
    if (host.tunnel.state === "yes") return rejected(asReported(host.tunnel), host.tunnel.evidence);
    if (isTunnelDead(facts.path)) return dead(facts);
    return notChecked(say("outsideUnknown", { reason: host.endpoint.reason }));
  },
});

/** By which side found the tunnel silent: Windows in this run, Windows in a saved snapshot, this side alone. */
const CONFIDENCE = { live: "measured", saved: "inferred", guest: "candidate" } as const;

function dead(facts: Facts) {
  const { vpn, attempt, host, guest } = facts;
  const { tunnel, endpoint } = host;
  const sure = tunnel.state === "no" ? (tunnel.fresh ? "live" : "saved") : "guest";
  return fires({
    confidence: CONFIDENCE[sure],
    segment: "vpn-adapter",
    between: null,
    direction: null,
    summary: say("found", {
      outside: endpoint.reason,
      adapter: vpn?.known === true ? vpn.adapter.name : null,
      address: attempt?.address,
      tunnel: tunnel.state === "no" ? tunnel.reason : null,
    }),
    evidence: [...endpoint.evidence, ...tunnel.evidence, ...guest.beyond.evidence],
    fixes: [],
  });
}
