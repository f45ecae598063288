// TCP works and no ICMP message is received from anywhere: a filter drops it.

import { muteFacts } from "../../../facts/reach/mute.ts";
import { targetProbes } from "../../../facts/reach/probes.ts";
import { isUserModeNat } from "../../../facts/vantage.ts";
import { cause } from "../../cause.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

export const icmpFiltered = cause({
  id: "icmp-filtered",
  area: "reach",
  title: "TCP works, and no ICMP message is received from anywhere",
  segment: null,
  severity: "note",
  direction: null,
  dependsOn: ["mirrored-ping-only-broken"],
  differentialCauses: ["destination-down", "upstream-unreachable"],
  needs: [],
  judge: (facts) => {
    const { path, reach } = facts;
    if (reach.connect !== "passed") return notChecked(say("notConnected"));
    const probes = targetProbes(path);
    const { reported, silent, isMany, mayBeLimit } = muteFacts(path);
    if (reported !== null) return rejected(say("received"), [reported.id]);
    if (!isMany) return notChecked(say("tooFewProbes"));
    if (mayBeLimit) return notChecked(say("mayBeLimit"));
    // With a SYN whose TTL expires on the path, a filter of UDP alone is not taken for one of ICMP.
    const syn = probes.find(
      ({ protocol, purpose, outcome }) =>
        protocol === "tcp" && purpose === "hop" && outcome.kind === "no-reply",
    );
    if (syn === undefined && !isUserModeNat(path) && reach.alive?.protocol !== "tcp") {
      return notChecked(say("noExpiringSyn"));
    }
    const connect = reach.connectId === null ? [] : [reach.connectId];
    return fires({
      confidence: "inferred",
      segment: isUserModeNat(path) ? "nat" : null,
      between: null,
      direction: null,
      summary: say("found", {
        address: reach.address,
        silent: silent.length,
        userModeNat: isUserModeNat(path),
      }),
      evidence: [...connect, ...silent.map(({ id }) => id), ...(syn === undefined ? [] : [syn.id])],
      fixes: [],
    });
  },
});
