// The PMTU that the kernel had cached before the run, or has since, and the connection that shows the inbound sizes in spite of it.

import type { Attempt } from "../../model/connections.ts";
import type { Path } from "../../model/path.ts";
import type { RouteLookup } from "../../schema/events/guest.ts";
import { attemptState, stageOf } from "../connection/attempt.ts";
import { defaultAttempt } from "../connection/subject.ts";

export interface CachedPmtu {
  /** Event id of the look-up. */
  readonly id: string;
  readonly pmtu: number;
  readonly linkMtu: number;
}

/** Null where none was cached for the address, or nobody looked. */
export function cachedPmtuTo(
  path: Path,
  address: string | undefined,
  when: RouteLookup["when"] = "before",
): CachedPmtu | null {
  const { lookups } = path;
  const lookup = lookups.find((one) => one.when === when && one.address === address);
  if (lookup?.outcome.kind !== "route") return null;
  const { cachedPmtu: pmtu, linkMtu, pathMtu } = lookup.outcome;
  if (pmtu !== null) return { id: lookup.id, pmtu, linkMtu };
  const learnt = when === "before" ? atConnect(path, address) : undefined;
  if (learnt === undefined || pathMtu === null || learnt.pmtu >= pathMtu) return null;
  return { ...learnt, linkMtu };
}

/** Another program may have learnt it between the look-up and the first connection, whose SYN is too small to. */
function atConnect(path: Path, address: string | undefined) {
  const attempt = defaultAttempt(path);
  const connect = attempt?.address === address ? stageOf(attempt, "connect") : undefined;
  const info = connect?.info;
  if (connect === undefined || info == null || info.pmtu === 0) return undefined;
  return { id: connect.id, pmtu: info.pmtu };
}

/** The default attempt, or where its segments were small for a cached PMTU, the one beside it that offers what the link takes. */
export function sizedAttempt(path: Path): Attempt | undefined {
  const uncached = path.connections.uncached.at(-1);
  const connected = uncached !== undefined && attemptState(uncached, "connect") === "passed";
  return connected ? uncached : defaultAttempt(path);
}
