// TCP works and no ICMP message is received from anywhere: a filter drops it.

import type { Facts } from "../../../facts/facts.ts";
import { targetProbes } from "../../../facts/reach/probes.ts";
import { isUserModeNat } from "../../../facts/vantage.ts";
import { cause } from "../../cause.ts";
import { inferred } from "../../confidence.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";

/** So many unanswered UDP and echo probes are no accident. */
const MIN_SILENT = 3;

export const icmpFiltered = cause({
  id: "icmp-filtered",
  area: "reach",
  title: "TCP works, and no ICMP message is received from anywhere",
  segment: null,
  severity: "note",
  direction: null,
  dependsOn: [],
  differentialCauses: ["destination-down", "upstream-unreachable"],
  needs: [],
  judge: (facts) => {
    const { path, reach } = facts;
    if (reach.connect !== "passed") return notChecked("no connection shows that the path works");
    const probes = targetProbes(path);
    const reported = probes.find(isIcmp);
    if (reported !== undefined) return rejected("ICMP messages are received", [reported.id]);
    const silent = probes.filter(
      ({ protocol, outcome }) => protocol !== "tcp" && outcome.kind === "no-reply",
    );
    if (silent.length < MIN_SILENT)
      return notChecked("too few probes were sent that ICMP would answer");
    // With a SYN whose TTL expires on the path, a filter of UDP alone is not taken for one of ICMP.
    const syn = probes.find(
      ({ protocol, purpose, outcome }) =>
        protocol === "tcp" && purpose === "hop" && outcome.kind === "no-reply",
    );
    if (syn === undefined && !isUserModeNat(facts.path) && reach.alive?.protocol !== "tcp") {
      return notChecked("no SYN was sent whose TTL expires on the path");
    }
    const connect = reach.connectId === null ? [] : [reach.connectId];
    return fires({
      confidence: inferred(0.8),
      segment: isUserModeNat(facts.path) ? "nat" : null,
      between: null,
      direction: null,
      summary: `TCP to ${reach.address} works, and none of ${silent.length} UDP and echo probes is answered by any host${formatMode(facts)}`,
      evidence: [...connect, ...silent.map(({ id }) => id), ...(syn === undefined ? [] : [syn.id])],
      fixes: [],
    });
  },
});

function isIcmp({ outcome }: Facts["path"]["probes"][number]): boolean {
  if (outcome.kind === "reply") return outcome.with === "echo-reply" || outcome.with === "data";
  return ["time-exceeded", "unreachable", "too-big"].includes(outcome.kind);
}

function formatMode(facts: Facts): string {
  return isUserModeNat(facts.path) ? ": the user-mode NAT of this mode forwards neither" : "";
}
