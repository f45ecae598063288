// The SYN is never answered, while the same host answers otherwise.

import { isFromTarget } from "../../model/subject.ts";
import { tcpFlows } from "../../model/tcp-flows.ts";
import { fires, notChecked, type Rule, rejected } from "../rule.ts";

export const portFiltered: Rule = {
  cause: "port-filtered",
  lookAlikes: ["port-refused", "gateway-unreachable", "no-default-route"],
  judge: ({ attempt, path }) => {
    const connect = attempt?.stages.find(({ stage }) => stage === "connect");
    if (attempt === undefined || connect === undefined)
      return notChecked("no connection was tried");
    if (connect.result.kind !== "no-reply") {
      return rejected("the SYN was answered", [connect.id]);
    }
    const { passing } = tcpFlows(path);
    if (passing.length > 0) {
      const evidence = passing.flatMap((flow) => flow.evidence);
      return rejected("other connections to the port are answered", evidence);
    }
    const alive = path.probes.find(({ outcome, address }) => isFromTarget(outcome, address));
    if (alive === undefined) return notChecked("the target answers nothing at all");
    return fires({
      confidence: 0.85,
      segment: null,
      between: null,
      direction: null,
      summary: `${attempt.address} answers UDP, and no SYN to port ${attempt.port}: something drops TCP to that port`,
      evidence: [connect.id, alive.id],
      fixes: [],
    });
  },
};
