// TCP works and no ICMP message is received from anywhere: a filter drops it.

import type { Facts } from "../../../facts/facts.ts";
import { targetProbes } from "../../../facts/reach/probes.ts";
import { isUserModeNat } from "../../../facts/vantage.ts";
import { cause } from "../../cause.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

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
    if (reach.connect !== "passed") return notChecked(say("notConnected"));
    const probes = targetProbes(path);
    const reported = probes.find(isIcmp);
    if (reported !== undefined) return rejected(say("received"), [reported.id]);
    const silent = probes.filter(
      ({ protocol, outcome }) => protocol !== "tcp" && outcome.kind === "no-reply",
    );
    if (silent.length < MIN_SILENT) return notChecked(say("tooFewProbes"));
    // With a SYN whose TTL expires on the path, a filter of UDP alone is not taken for one of ICMP.
    const syn = probes.find(
      ({ protocol, purpose, outcome }) =>
        protocol === "tcp" && purpose === "hop" && outcome.kind === "no-reply",
    );
    if (syn === undefined && !isUserModeNat(facts.path) && reach.alive?.protocol !== "tcp") {
      return notChecked(say("noExpiringSyn"));
    }
    const connect = reach.connectId === null ? [] : [reach.connectId];
    return fires({
      confidence: "inferred",
      segment: isUserModeNat(facts.path) ? "nat" : null,
      between: null,
      direction: null,
      summary: say("found", {
        address: reach.address,
        silent: silent.length,
        userModeNat: isUserModeNat(facts.path),
      }),
      evidence: [...connect, ...silent.map(({ id }) => id), ...(syn === undefined ? [] : [syn.id])],
      fixes: [],
    });
  },
});

function isIcmp({ outcome }: Facts["path"]["probes"][number]): boolean {
  if (outcome.kind === "reply") return outcome.with === "echo-reply" || outcome.with === "data";
  return ["time-exceeded", "unreachable", "too-big"].includes(outcome.kind);
}
