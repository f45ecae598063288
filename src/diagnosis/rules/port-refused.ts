// The target's own answer to the SYN is a reset: nothing listens on the port.

import { attemptDrops } from "../../model/kernel.ts";
import type { Path } from "../../model/path.ts";
import { fires, notChecked, type Rule, rejected } from "../rule.ts";

export const portRefused: Rule = {
  cause: "port-refused",
  lookAlikes: ["port-filtered"],
  judge: ({ path, attempt }) => {
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
      evidence: [connect.id, ...noSocket(path, attempt.attempt)],
      fixes: [],
    });
  },
};

/** The target is this machine, and its kernel found nobody who listens. */
function noSocket(path: Path, attempt: string): readonly string[] {
  return attemptDrops(path, attempt)
    .filter(({ reason }) => reason === "NO_SOCKET")
    .map(({ id }) => id);
}
