// A followed connection that offered larger segments than a PMTU, cached since, lets any new one offer: what hung there hangs no more.

import type { Path } from "../../model/path.ts";
import { cachedPmtuTo } from "./cached.ts";

export interface ProgramHang {
  /** IP packets that its segments could have been, in bytes. */
  readonly offered: number;
  readonly outOfOrder: boolean;
  readonly evidence: readonly string[];
}

const HEADERS = { 4: 40, 6: 60 } as const;
/** TCP timestamps, which each segment may have (RFC 7323). */
const TIMESTAMPS = 12;

/** Null where no connection hung at its first large answer, or new ones may offer as much. */
export function programHang(path: Path): ProgramHang | null {
  const stuck = path.programConnections.find(({ diagnosed }) => diagnosed);
  if (stuck === undefined || stuck.info === null) return null;
  if (stuck.condition !== "awaiting" && stuck.condition !== "gap") return null;
  const cached = cachedPmtuTo(path, stuck.address);
  const { advMss, rcvMss, bytesReceived, rcvOooPack } = stuck.info;
  const offered = advMss + HEADERS[stuck.family];
  if (cached === null || offered <= cached.pmtu) return null;
  // Where more came, or a segment of the limit's size, it waits for something else.
  const largest = rcvMss + HEADERS[stuck.family] + TIMESTAMPS;
  if (bytesReceived === null || bytesReceived >= offered || largest >= cached.pmtu) return null;
  return { offered, outOfOrder: (rcvOooPack ?? 0) > 0, evidence: [stuck.id, cached.id] };
}
