// The distro's packets leave Windows with the distro's own address, to which no router has a route back.

import { cause } from "../../cause.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { asReported, say } from "../../words.ts";
import { BEFORE_THE_HOST, WINDOWS_FILTERS } from "../groups.ts";

/** Seen from inside, a packet that is not forwarded and an answer without a route back look the same. */
const UNDECIDED = "candidate";

export const natSourceNotTranslated = cause({
  id: "nat-source-not-translated",
  area: "host",
  title: "Packets leave Windows with the distro's address, so no answer is routed back",
  segment: "nat",
  severity: "fault",
  direction: "inbound",
  dependsOn: [
    ...BEFORE_THE_HOST,
    ...WINDOWS_FILTERS,
    "lan-gateway-unreachable",
    "vpn-tunnel-dead",
    "admin-prohibited",
  ],
  differentialCauses: [],
  needs: ["behindHost"],
  judge: (facts) => {
    const { guest, host } = facts;
    if (guest.beyond.state === "yes")
      return rejected(asReported(guest.beyond), guest.beyond.evidence);
    if (guest.elsewhere.state === "yes") {
      return rejected(asReported(guest.elsewhere), guest.elsewhere.evidence);
    }
    if (guest.near.state !== "yes" || guest.beyond.state === "unknown") {
      return notChecked(say("notAtNat"));
    }
    if (guest.refusedByGateway.length > 0 || host.target.state === "no") {
      return rejected(say("beyondNat"), host.target.evidence);
    }
    if (host.target.state === "unknown") {
      return notChecked(say("hostUnknown", { reason: host.target.reason }));
    }
    return fires({
      severity: "note",
      confidence: UNDECIDED,
      segment: "nat",
      between: null,
      direction: "inbound",
      summary: say("found", { source: sourceOf(facts.path) }),
      evidence: [...guest.near.evidence, ...guest.beyond.evidence, ...host.target.evidence],
      fixes: [],
    });
  },
});

function sourceOf({
  lookups,
}: {
  readonly lookups: readonly { outcome: object }[];
}): string | null {
  const outcome = lookups[0]?.outcome;
  return outcome !== undefined && "source" in outcome ? String(outcome.source) : null;
}
