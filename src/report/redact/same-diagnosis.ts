// Whether two reports state the same, whatever names and addresses they say it with.

import type { Report } from "../../schema/report.ts";

/** Verdict, causes, places, directions, sizes, and the chain with its states. */
export function sameDiagnosis(one: Report, other: Report): boolean {
  return JSON.stringify(essence(one)) === JSON.stringify(essence(other));
}

function essence({ verdict, findings, pmtu, chain, stages, notChecked }: Report) {
  return {
    verdict,
    findings: findings.map(({ summary: _, fixes: __, ruledOut, ...rest }) => ({
      ...rest,
      ruledOut: ruledOut.map(({ cause, evidence }) => ({ cause, evidence })),
    })),
    pmtu: [pmtu.outbound, pmtu.inbound].map(({ reason: _, ...rest }) => rest),
    chain: chain.map(({ kind, mtu, ttl, inferred, outbound, inbound, evidence }) => ({
      kind,
      mtu,
      ttl,
      inferred,
      outbound,
      inbound,
      evidence,
    })),
    stages: stages.map(({ stage, status, ms }) => ({ stage, status, ms })),
    notChecked: notChecked.map(({ cause }) => cause),
  };
}
