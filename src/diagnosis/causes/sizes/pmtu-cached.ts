// The kernel held a cached PMTU before the run: connections use it, and a black hole stays hidden.

import { cause } from "../../cause.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say, sayNeed } from "../../words.ts";

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
    if (lookup?.outcome.kind !== "route") return notChecked(sayNeed("noRouteToFollow"));
    const { cachedPmtu, linkMtu } = lookup.outcome;
    if (lookup.outcome.pathMtuRead === false) return notChecked(say("refused"));
    if (cachedPmtu === null) return rejected(say("noneCached"), [lookup.id]);
    return fires({
      confidence: "exact",
      segment: "linux-stack",
      between: null,
      direction: "outbound",
      summary: say("found", { cachedPmtu, address: lookup.address, linkMtu }),
      evidence: [lookup.id],
      fixes: [
        {
          where: "linux",
          title: say("flush"),
          commands: [`sudo ip ${lookup.family === 6 ? "-6 " : ""}route flush cache`],
          persistent: false,
        },
      ],
    });
  },
});
