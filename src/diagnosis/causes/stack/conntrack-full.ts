// The table of tracked connections is full: the kernel drops the first packet of every new one.

import { cause } from "../../cause.ts";
import { exact, inferred } from "../../confidence.ts";
import { meet } from "../../needs/needs.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";

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
    if (path.conntrack === null)
      return notChecked("no connection is tracked here, or nothing failed");
    const { id, count, max } = path.conntrack;
    if (max === 0 || count < max) return rejected(`${count} of ${max} entries are taken`, [id]);
    const failure = meet(facts, "failure");
    if (failure.kind !== "met") return failure;
    if (reach.alive !== null) return rejected("other packets are answered", [reach.alive.id]);
    const refused = guest.forbidden.slice(0, 1);
    return fires({
      confidence: refused.length === 0 ? inferred(0.8) : exact(0.92),
      segment: "linux-stack",
      between: null,
      direction: "outbound",
      summary: `all ${max} entries of the connection tracking table are taken (${count}), and packets of new connections are dropped`,
      evidence: [id, ...failure.value, ...refused],
      fixes: [
        {
          where: "linux",
          title: "Make the table larger",
          commands: [`sudo sysctl -w net.netfilter.nf_conntrack_max=${max * 2}`],
          persistent: false,
        },
      ],
    });
  },
});
