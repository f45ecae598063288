// Connections that ask for ECN are lost, or their data are, and the same connections without it pass.

import { asksForEcn, ecnFacts } from "../../../facts/connection/ecn.ts";
import { defaultEnding, hasFailed } from "../../../facts/connection/ending.ts";
import { cause } from "../../cause.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { switchOff } from "../../tcp-options.ts";
import { say } from "../../words.ts";
import { OWN_STACK } from "../groups.ts";

export const ecnLost = cause({
  id: "ecn-lost",
  area: "reach",
  title: "Packets that ask for ECN or carry its marks are lost",
  segment: null,
  severity: "warning",
  direction: null,
  dependsOn: ["no-default-route", "gateway-unreachable", ...OWN_STACK],
  differentialCauses: ["port-filtered", "new-connections-lost", "path-loss"],
  needs: [],
  judge: ({ path }) => {
    const asks = asksForEcn(path);
    if (asks === null) return notChecked(say("unread"));
    if (!asks) return rejected(say("notAsked"));
    const compared = ecnFacts(path);
    if (compared === null) return notChecked(say("notCompared"));
    const { lost, cleared, asked, leftOut } = compared;
    const evidence = [...asked, ...leftOut].map(({ id }) => id);
    if (cleared) return rejected(say("alike"), evidence);
    if (lost === null) return notChecked(say("bothLost"));
    const [first] = asked;
    return fires({
      severity: hasFailed(defaultEnding(path)) ? "fault" : "warning",
      confidence: "measured",
      segment: null,
      between: null,
      direction: null,
      summary: say("found", {
        lost,
        asked: asked.length,
        leftOut: leftOut.length,
        address: first?.address ?? "",
        port: first?.port ?? 0,
      }),
      evidence,
      fixes: [{ ...switchOff("ecn"), title: say("cure") }],
    });
  },
});
