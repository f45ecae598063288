// The default attempt fails, and no rule knows why: which stage, and what was seen there.

import { type Ending, hasFailed } from "../../../facts/connection/ending.ts";
import { cause } from "../../cause.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

export const attemptFailed = cause({
  id: "attempt-failed",
  area: "application",
  title: "The connection fails, and no special cause fits",
  segment: null,
  severity: "fault",
  direction: null,
  dependsOn: [],
  lastResort: true,
  differentialCauses: [
    "port-filtered",
    "port-refused",
    "destination-down",
    "path-loss",
    "pmtu-inbound-blackhole",
    "vpn-mtu-inbound-blackhole",
    "tls-middlebox-reset",
    "server-silent",
  ],
  needs: ["ending"],
  judge: (_facts, { ending }) => {
    const { attempt } = ending;
    if (ending.kind === "silent" && ending.cutShort) {
      return notChecked(say("cutShort"));
    }
    if (!hasFailed(ending)) return rejected(say("answered"), [attempt.id]);
    return fires({
      confidence: "candidate",
      segment: null,
      between: null,
      direction: null,
      summary: say("found", endOf(ending)),
      evidence: "evidence" in ending ? [...ending.evidence] : [],
      fixes: [],
    });
  },
});

/** What the sentence tells of it, as plain values. */
function endOf(ending: Ending) {
  return {
    kind: ending.kind,
    stage: "stage" in ending ? ending.stage : "connect",
    waitedMs: ending.kind === "silent" ? Math.round(ending.waitedMs) : null,
    reset: ending.kind === "closed" && ending.reset,
    code: "code" in ending ? ending.code : null,
  };
}
