// What both inbound black-hole rules saw, and how sure it makes them.

import type { Facts } from "../../../facts/facts.ts";
import type { BalancedLimit } from "../../../facts/size/balanced.ts";
import type { Grade } from "../../confidence.ts";

/** How sure the sizes alone make it: the limit to the byte, or a bare range; loss leaves either in doubt. */
export function inboundConfidence({ inbound }: Facts): Grade {
  if (inbound.balanced !== null) return inbound.balanced.isByPort ? "measured" : "inferred";
  const isMeasured = inbound.estimate.exact && inbound.interval.lost.length === 0;
  return isMeasured ? "measured" : "inferred";
}

/** What the connections of the sweep and the default attempt came to. */
export function inboundSeen({ inbound, attempt }: Facts) {
  const { balanced, interval, outOfOrder, hungIn, recoveredAfterMs, subject, hiddenByCache } =
    inbound;
  return {
    passed: interval.passed,
    failed: interval.failed,
    outOfOrder,
    hungIn: hungIn === "tls" ? "tls" : "answer",
    hangs: hungIn !== null,
    isLonger: isLonger(inbound),
    otherPort: subject === null || subject.port === attempt?.port ? null : subject.port,
    recoveredAfterMs,
    hiddenByCache,
    balanced: balanced === null ? null : balancedSeen(balanced),
  } as const;
}

/** Which flows meet a limit, where several paths are balanced. */
export function balancedSeen({ tried, limited, isByPort, limits, openBytes }: BalancedLimit) {
  return {
    tried,
    limited,
    isByPort,
    openBytes,
    limits: limits.map(({ ports, passed, failed, exact }) => ({ ports, passed, failed, exact })),
  };
}

/** What the user asked for got through, or did at last, or does for as long as a PMTU is cached. */
export function inboundSeverity({ inbound }: Facts): "fault" | "warning" {
  const { hungIn, recoveredAfterMs, hiddenByCache } = inbound;
  const works = hungIn === null || recoveredAfterMs !== null || isLonger(inbound) || hiddenByCache;
  return works ? "warning" : "fault";
}

/** The default attempt's answer was small: a longer one hung. */
function isLonger({ subject }: Facts["inbound"]): boolean {
  return subject?.purpose === "long-answer";
}

/** What this kernel saw of the attempt that hung: that the lost segments did not even reach the interface. */
export function inboundAtInterface({ path, inbound }: Facts) {
  const flow = path.kernel.flows.find((seen) => seen.attempt === inbound.subject?.attempt);
  const largest = flow?.receivedMaxBytes ?? null;
  const whole = path.kernel.ended?.lost === 0;
  if (flow === undefined || largest === null || !whole) return NOT_SEEN;
  if (largest > (inbound.estimate.atLeast ?? 0)) return NOT_SEEN;
  return { seen: { device: flow.interface, largest }, evidence: [flow.id] };
}

const NOT_SEEN = { seen: null, evidence: [] } as const;
