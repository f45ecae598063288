// Keeps what was worked out about a snapshot, since many questions start from the same joins.

import type { HostSnapshot } from "../schema/host-snapshot.ts";
import { memo } from "./memo.ts";

/** The same function, worked out once for each snapshot. A snapshot never changes after parsing. */
export function perSnapshot<T>(
  compute: (snapshot: HostSnapshot) => T,
): (snapshot: HostSnapshot) => T {
  return memo(compute);
}
