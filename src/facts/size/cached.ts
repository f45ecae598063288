// The PMTU that the kernel had cached before the run, or has since, and the connection that shows the inbound sizes in spite of it.

import type { Attempt } from "../../model/connections.ts";
import type { Path } from "../../model/path.ts";
import type { RouteLookup } from "../../schema/events/guest.ts";
import { attemptState } from "../connection/attempt.ts";
import { defaultAttempt } from "../connection/subject.ts";

export interface CachedPmtu {
  /** Event id of the look-up. */
  readonly id: string;
  readonly pmtu: number;
  readonly linkMtu: number;
}

/** Null where none was cached for the address, or nobody looked. */
export function cachedPmtuTo(
  { lookups }: Path,
  address: string | undefined,
  when: RouteLookup["when"] = "before",
): CachedPmtu | null {
  const lookup = lookups.find((one) => one.when === when && one.address === address);
  if (lookup?.outcome.kind !== "route" || lookup.outcome.cachedPmtu === null) return null;
  const { cachedPmtu: pmtu, linkMtu } = lookup.outcome;
  return { id: lookup.id, pmtu, linkMtu };
}

/** The default attempt, or where its segments were small for a cached PMTU, the one beside it that offers what the link takes. */
export function sizedAttempt(path: Path): Attempt | undefined {
  const uncached = path.connections.uncached.at(-1);
  const connected = uncached !== undefined && attemptState(uncached, "connect") === "passed";
  return connected ? uncached : defaultAttempt(path);
}
