// Data of the connections that a run makes anyway: what of them was lost, as far as a server takes connections at all.

import type { Attempt } from "../../model/connections.ts";
import type { Path } from "../../model/path.ts";
import { lastInfo, offeredBytes, stageOf } from "../connection/attempt.ts";
import { perPath } from "../per-path.ts";
import { inboundFacts } from "../size/inbound.ts";
import { BY_SIZE } from "./by-size.ts";
import type { Count } from "./loss-inference.ts";

export const NOTHING: Count = { sent: 0, lost: 0 };

/**
 * Segments that came, and what had to be repeated; sizes that a limit may stop are left out. The kernel of a server that takes
 * connections late drops their first data, which the path then has not lost: connections that brought nothing
 * count only where none of them had to repeat anything.
 */
export const servedData = perPath("servedData", (path: Path): Count => {
  const limit = inboundFacts(path).interval.failed ?? Number.POSITIVE_INFINITY;
  const attempts = path.attempts.filter(
    (attempt) => !BY_SIZE.includes(attempt.purpose) && (offeredBytes(attempt) ?? 0) < limit,
  );
  const unserved = sumOf(attempts.map(firstFlight));
  return sumOf([...attempts.map(segments), unserved.lost > 0 ? NOTHING : unserved]);
});

export function sumOf(counts: readonly Count[]): Count {
  return {
    sent: counts.reduce((sum, { sent }) => sum + sent, 0),
    lost: counts.reduce((sum, { lost }) => sum + lost, 0),
  };
}

function segments(attempt: Attempt): Count {
  const info = lastInfo(attempt);
  if (info === null || !info.bytesReceived) return NOTHING;
  const lost = repeats(attempt) + (info.rcvOooPack ?? 0);
  return { sent: (info.dataSegsIn ?? 0) + lost, lost };
}

/** What was said first, to who answers nothing, and its acknowledgement. */
function firstFlight(attempt: Attempt): Count {
  const info = lastInfo(attempt);
  if (info === null || info.bytesReceived !== 0) return NOTHING;
  if ((info.bytesAcked ?? 0) <= SYN_BYTES)
    return { sent: repeats(attempt), lost: repeats(attempt) };
  return { sent: 1 + repeats(attempt), lost: repeats(attempt) };
}

/** The SYN is counted as one (tcp_ack in tcp_input.c). */
const SYN_BYTES = 1;

function repeats(attempt: Attempt): number {
  const syns = stageOf(attempt, "connect")?.info?.totalRetrans ?? 0;
  const all = lastInfo(attempt)?.totalRetrans ?? 0;
  return Math.max(0, all - syns);
}
