// The table of tracked connections is full: the kernel drops the first packet of every new one.

import { cause } from "../../cause.ts";
import { meet } from "../../needs/needs.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

export const conntrackFull = cause({
  id: "conntrack-full",
  area: "stack",
  title: "The table of tracked connections is full, and new ones are dropped",
  segment: "linux-stack",
  severity: "fault",
  direction: "outbound",
  dependsOn: [],
  differentialCauses: ["port-filtered", "destination-down"],
  needs: [],
  judge: (facts) => {
    const { path, reach, guest } = facts;
    if (path.conntrack === null) return notChecked(say("notRead"));
    const { id, count, max } = path.conntrack;
    if (max === 0 || count < max) return rejected(say("entriesLeft", { count, max }), [id]);
    const failure = meet(facts, "failure");
    if (failure.kind !== "met") return failure;
    if (reach.alive !== null) return rejected(say("othersAnswered"), [reach.alive.id]);
    const refused = guest.forbidden.slice(0, 1);
    return fires({
      confidence: refused.length === 0 ? "inferred" : "exact",
      segment: "linux-stack",
      between: null,
      direction: "outbound",
      summary: say("found", { count, max }),
      evidence: [id, ...failure.value, ...refused],
      fixes: [
        {
          where: "linux",
          title: say("enlarge"),
          commands: [`sudo sysctl -w net.netfilter.nf_conntrack_max=${max * 2}`],
          persistent: false,
        },
      ],
    });
  },
});
