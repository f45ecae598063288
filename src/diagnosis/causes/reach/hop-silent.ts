// A hop that answers no probe, while what is behind it answers: it forwards, and that is its job.

import { cause } from "../../cause.ts";
import { hopKind } from "../../chain/kinds.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

export const hopSilent = cause({
  id: "hop-silent",
  area: "reach",
  title: "A hop answers no probe, while later hops answer",
  segment: null,
  severity: "note",
  direction: null,
  dependsOn: ["icmp-filtered", "routing-loop"],
  differentialCauses: ["path-loss"],
  needs: [],
  judge: (facts) => {
    const { routers, target } = facts.hops;
    if (routers.length === 0 && target === null) return notChecked(say("noHop"));
    const silent = routers.filter(({ from, rewritten }) => from === null && !rewritten);
    if (silent.length === 0) {
      return rejected(say("allAnswer"), target?.evidence ?? []);
    }
    const kinds = [...new Set(silent.map(({ ttl }) => hopKind(facts, ttl)))];
    const [only = null] = kinds.length === 1 ? kinds : [];
    const ttls = silent.map(({ ttl }) => ttl);
    return fires({
      confidence: "measured",
      segment: only,
      between: null,
      direction: null,
      summary: say("found", { ttls }),
      evidence: silent.flatMap(({ evidence }) => evidence),
      fixes: [],
    });
  },
});
