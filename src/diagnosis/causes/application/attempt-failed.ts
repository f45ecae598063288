// The default attempt fails, and no rule knows why: which stage, and what was seen there.

import { type Ending, hasFailed } from "../../../facts/connection/ending.ts";
import { cause } from "../../cause.ts";
import { candidate } from "../../confidence.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";

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
      return notChecked("no longer was waited than --timeout says");
    }
    if (!hasFailed(ending)) return rejected("the attempt got its answer", [attempt.id]);
    return fires({
      confidence: candidate(0.5),
      segment: null,
      between: null,
      direction: null,
      summary: `${STAGES[stageOfEnding(ending)]} ${formatEnding(ending)}; nothing that was seen says why`,
      evidence: "evidence" in ending ? [...ending.evidence] : [],
      fixes: [],
    });
  },
});

const STAGES = {
  connect: "the connection request",
  tls: "the TLS handshake",
  http: "the request",
} as const;

function stageOfEnding(ending: Ending): keyof typeof STAGES {
  return "stage" in ending ? ending.stage : "connect";
}

function formatEnding(ending: Ending): string {
  switch (ending.kind) {
    case "silent":
      return `gets no answer in ${Math.round(ending.waitedMs)} ms`;
    case "closed":
      return ending.reset ? "is answered by a reset" : "is answered by the end of the connection";
    case "error":
    case "corrupted":
      return `fails (${ending.code})`;
    default:
      return "fails";
  }
}
