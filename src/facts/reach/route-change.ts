// Whether the route to the traced address was another one after the probes than before them.

import type { Path } from "../../model/path.ts";
import type { RouteOutcome } from "../../schema/events/guest.ts";
import { tracedAddress } from "../connection/subject.ts";

export interface RouteChange {
  readonly before: RouteOutcome;
  readonly after: RouteOutcome;
  /** Event ids of both look-ups. */
  readonly evidence: readonly string[];
}

/** Null where it is the same, or was looked up once only. */
export function routeChange(path: Path): RouteChange | null {
  const address = tracedAddress(path);
  const ofAddress = path.lookups.filter((one) => one.address === address);
  const before = ofAddress.find(({ when }) => when === "before");
  const after = ofAddress.findLast(({ when }) => when === "after");
  if (before === undefined || after === undefined) return null;
  if (!isAnother(before.outcome, after.outcome)) return null;
  return { before: before.outcome, after: after.outcome, evidence: [before.id, after.id] };
}

/** A cached PMTU is no change of the route, and what one port is refused by was there before. */
function isAnother(before: RouteOutcome, after: RouteOutcome): boolean {
  if (before.kind === "unknown" || after.kind === "unknown") return false;
  if (before.kind === "no-route" || after.kind === "no-route") {
    return before.kind !== after.kind && !isOfPort(after);
  }
  return (
    before.interface !== after.interface ||
    before.gateway !== after.gateway ||
    before.source !== after.source ||
    mtuOf(before) !== mtuOf(after)
  );
}

/** Links are read once, at the beginning: of one that changed, the route tells it. A cached PMTU is not the link's. */
function mtuOf(route: RouteOutcome & { readonly kind: "route" }): number {
  const { pathMtu, cachedPmtu, pathMtuRead, linkMtu } = route;
  return cachedPmtu === null && pathMtuRead !== false ? pathMtu : linkMtu;
}

/** What the look-up before the connection did not meet, since it has no port. */
function isOfPort(outcome: RouteOutcome): boolean {
  const entries = outcome.kind === "no-route" ? (outcome.refusedBy ?? []) : [];
  return entries.some((one) => one.kind === "rule" && /\b(ipproto|[ds]port)\b/.test(one.selector));
}

/** "by eth0 to 172.24.16.1 (MTU 1500)". */
export function formatRoute(outcome: RouteOutcome): string {
  if (outcome.kind !== "route") return `none (${outcome.error})`;
  const { interface: device, gateway } = outcome;
  return `by ${device}${gateway === null ? "" : ` to ${gateway}`} (MTU ${mtuOf(outcome)})`;
}
