// The kernel holds a cached PMTU: from before the run, where a black hole stays hidden, or from the run itself.

import { cachedPmtuTo } from "../../../facts/size/cached.ts";
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
    const { address, family } = lookup;
    if (lookup.outcome.pathMtuRead === false) return notChecked(say("refused"));
    const old = cachedPmtuTo(path, address);
    const found = old ?? cachedPmtuTo(path, address, "after");
    if (found === null) return rejected(say("noneCached"), [lookup.id]);
    const { id, pmtu: cachedPmtu, linkMtu } = found;
    return fires({
      confidence: "exact",
      segment: "linux-stack",
      between: null,
      direction: "outbound",
      summary: say(old === null ? "left" : "found", { cachedPmtu, address, linkMtu }),
      evidence: [id],
      fixes: [
        {
          where: "linux",
          title: say(old === null ? "flushLeft" : "flush"),
          commands: [`sudo ip ${family === 6 ? "-6 " : ""}route flush cache`],
          persistent: false,
        },
      ],
    });
  },
});
