// Sizes that fail although larger ones pass: packets are lost whatever their size.

import { fires, notChecked, type Rule, rejected } from "../rule.ts";
import { FELT_MS } from "./inbound-blackhole.ts";

export const pathLoss: Rule = {
  cause: "path-loss",
  lookAlikes: ["pmtu-inbound-blackhole", "vpn-mtu-inbound-blackhole"],
  judge: ({ inbound, path }) => {
    const swept = path.attempts.filter(({ purpose }) => purpose === "mss-sweep");
    if (swept.length === 0) return notChecked("nothing hung, so no sizes were tried");
    if (inbound.bracket.lost.length === 0) {
      return rejected("what failed was larger than all that passed", inbound.evidence);
    }
    if (inbound.healedAfterMs !== null && inbound.healedAfterMs < FELT_MS) {
      const ms = Math.round(inbound.healedAfterMs);
      return rejected(`what was lost came again within ${ms} ms, as TCP sees to`, inbound.evidence);
    }
    const lost = [...new Set(inbound.bracket.lost)].sort((a, b) => a - b);
    const fails = inbound.healedAfterMs === null && inbound.bracket.failed === null;
    return fires({
      severity: fails ? "fault" : "warning",
      confidence: Math.min(0.9, 0.5 + 0.1 * lost.length),
      segment: null,
      between: null,
      direction: null,
      summary: `connections that invite ${lost.join(", ")} bytes hung although ${inbound.bracket.passed} bytes passed: packets are lost regardless of size`,
      evidence: inbound.evidence.slice(),
      fixes: [],
    });
  },
};
