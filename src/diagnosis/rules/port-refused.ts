// The target's own answer to the SYN is a reset: nothing listens on the port.

import { fires, notChecked, type Rule, rejected } from "../rule.ts";

export const portRefused: Rule = {
  cause: "port-refused",
  lookAlikes: ["port-filtered"],
  judge: ({ attempt }) => {
    const connect = attempt?.stages.find(({ stage }) => stage === "connect");
    if (attempt === undefined || connect === undefined)
      return notChecked("no connection was tried");
    const refused = connect.result.kind === "failed" && connect.result.code === "ECONNREFUSED";
    if (!refused) return rejected("no reset answered the SYN", [connect.id]);
    return fires({
      confidence: 0.95,
      segment: "destination",
      between: null,
      direction: null,
      summary: `${attempt.address} answers the SYN to port ${attempt.port} with a reset`,
      evidence: [connect.id],
      fixes: [],
    });
  },
};
