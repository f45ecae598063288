// A host on the path reports by ICMP that a filter rule forbids the packet.

import type { ReachFacts, Refusal } from "../../../facts/reach/reach.ts";
import { cause } from "../../cause.ts";
import type { Grade } from "../../confidence.ts";
import { senderLocation } from "../../locations.ts";
import { fires, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";
import { WRONG_ROUTE } from "../groups.ts";

export const adminProhibited = cause({
  id: "admin-prohibited",
  area: "reach",
  title: "A host on the path reports by ICMP that a filter rule forbids the packet",
  // The sender's.
  segment: null,
  severity: "fault",
  direction: "outbound",
  dependsOn: ["no-default-route", "routing-loop", "captive-portal", ...WRONG_ROUTE],
  ofNameServers: true,
  differentialCauses: ["port-filtered", "destination-down", "upstream-unreachable"],
  needs: ["reach"],
  judge: (facts, { reach }) => {
    const connect = reach.connectId === null ? [] : [reach.connectId];
    if (reach.connect === "passed") return rejected(say("established"), connect);
    const reported = refusalOf(reach);
    if (reported === null) return rejected(say("noError"), connect);
    const { refusal, confidence, answered } = reported;
    return fires({
      confidence,
      ...senderLocation(facts, refusal),
      direction: "outbound",
      summary: say("found", {
        from: refusal.from,
        answered,
        address: reach.address,
        type: refusal.type,
        code: refusal.code,
      }),
      evidence: [refusal.id, ...connect],
      fixes: [],
    });
  },
});

interface RefusalReport {
  readonly refusal: Refusal;
  readonly confidence: Grade;
  /** Which packets it answers. */
  readonly answered: "syns" | "packets" | "packets-not-syns" | "syns-alone";
}

/**
 * 1. An answer to a SYN itself. 2. One to UDP or echo, while the SYN met an ICMP error too. 3. One to
 * UDP or echo, while no SYN is seen beyond the sender. 4. Another "unreachable" to the SYN at
 * once, from a router behind which the target answers other packets: a filter rule.
 */
function refusalOf(reach: ReachFacts): RefusalReport | null {
  const prohibited = reach.refusals.filter(({ says }) => says === "prohibited");
  const syn = prohibited.find(({ protocol }) => protocol === "tcp");
  if (syn !== undefined) return { refusal: syn, confidence: "exact", answered: "syns" };
  const [other] = prohibited;
  if (other !== undefined && reach.connect === "unreachable") {
    return { refusal: other, confidence: "inferred", answered: "packets" };
  }
  if (other !== undefined && reach.connect === "silent" && !synPasses(reach, other)) {
    return {
      refusal: other,
      confidence: "candidate",
      answered: "packets-not-syns",
    };
  }
  const disguised = reach.refusals.find(
    ({ protocol, says, own }) =>
      protocol === "tcp" && !own && (says === "host" || says === "network"),
  );
  if (disguised === undefined || reach.alive === null) return null;
  return { refusal: disguised, confidence: "inferred", answered: "syns-alone" };
}

/** Whether a SYN came to a router behind the sender, or the target answered one. */
function synPasses(reach: ReachFacts, sender: Refusal): boolean {
  const at = reach.routers.find(({ from }) => from === sender.from)?.ttl ?? sender.ttl - 1;
  const answered = reach.alive?.protocol === "tcp";
  return answered || reach.routers.some(({ protocol, ttl }) => protocol === "tcp" && ttl > at);
}
