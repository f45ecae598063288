// A hop that answers no probe, while what is behind it answers: it forwards, and that is its job.

import { hopKind } from "../chain/kinds.ts";
import { fires, notChecked, type Rule, rejected } from "../rule.ts";

export const hopSilent: Rule = {
  cause: "hop-silent",
  differentialCauses: ["path-loss"],
  judge: (facts) => {
    const { routers, target } = facts.hops;
    if (routers.length === 0 && target === null) return notChecked("no hop was probed");
    const silent = routers.filter(({ from, rewritten }) => from === null && !rewritten);
    if (silent.length === 0) {
      return rejected("every hop before the last answer answers", target?.evidence ?? []);
    }
    const kinds = [...new Set(silent.map(({ ttl }) => hopKind(facts, ttl)))];
    const [only = null] = kinds.length === 1 ? kinds : [];
    const ttls = silent.map(({ ttl }) => ttl);
    const [hop, sends] = ttls.length === 1 ? ["hop", "sends"] : ["hops", "send"];
    return fires({
      confidence: 0.9,
      segment: only,
      between: null,
      direction: null,
      summary: `${hop} ${ttls.join(", ")} ${sends} no time exceeded, while later hops answer: no loss`,
      evidence: silent.flatMap(({ evidence }) => evidence),
      fixes: [],
    });
  },
};
