// What a recording must be diagnosed as: verdict, causes, places and sizes; never a sentence or a confidence.

import type { Report } from "../../src/schema/report.ts";

export type Outcome = ReturnType<typeof outcomeOf>;

/** The part of a report that a change of words, order or confidence leaves alone. */
export function outcomeOf({ verdict, findings, pmtu }: Report) {
  return {
    verdict,
    cause: findings.find(({ severity }) => severity !== "note")?.cause ?? null,
    findings: findings
      .map(({ cause, severity, segment, between, direction }) => ({
        cause,
        severity,
        segment,
        between,
        direction,
      }))
      // Their order follows the confidence.
      .sort((a, b) => a.cause.localeCompare(b.cause)),
    pmtu: { outbound: sizesOf(pmtu.outbound), inbound: sizesOf(pmtu.inbound) },
  };
}

function sizesOf({ bytes, exact, atLeast, below, basis, silent }: Report["pmtu"]["inbound"]) {
  return { bytes, exact, atLeast, below, basis, silent };
}
