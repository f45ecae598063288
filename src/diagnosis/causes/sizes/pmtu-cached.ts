// The kernel held a cached PMTU before the run: connections use it, and a black hole stays hidden.

import { cause } from "../../cause.ts";
import { exact } from "../../confidence.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";

export const pmtuCached = cause({
  id: "pmtu-cached",
  area: "sizes",
  title: "The kernel already has a cached PMTU, which can hide a black hole",
  segment: "linux-stack",
  severity: "note",
  direction: "outbound",
  dependsOn: [],
  differentialCauses: [],
  needs: [],
  judge: ({ path, attempt }) => {
    const lookups = path.lookups.filter(({ when }) => when === "before");
    const lookup = lookups.find(({ address }) => address === attempt?.address) ?? lookups[0];
    if (lookup?.outcome.kind !== "route") return notChecked("there is no route to follow");
    const { cachedPmtu, linkMtu } = lookup.outcome;
    if (cachedPmtu === null) return rejected("no cached PMTU before the run", [lookup.id]);
    return fires({
      confidence: exact(1),
      segment: "linux-stack",
      between: null,
      direction: "outbound",
      summary: `the kernel has a cached PMTU of ${cachedPmtu} bytes for ${lookup.address} (the link MTU is ${linkMtu}); until it expires connections offer smaller segments, which hides faults of larger ones`,
      evidence: [lookup.id],
      fixes: [
        {
          where: "linux",
          title: "Flush the cached PMTU, then trace again",
          commands: [`sudo ip ${lookup.family === 6 ? "-6 " : ""}route flush cache`],
          persistent: false,
        },
      ],
    });
  },
});
