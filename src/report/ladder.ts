// The privilege ladder as it is reported: what is missing, and what is not seen for it.

import type { Path } from "../model/path.ts";
import type { Report } from "../schema/report.ts";
import { NO_REASON } from "./words/finding.ts";
import { NOT_SEEN } from "./words/rungs.ts";

export function ladderOf({ rungs }: Path): Report["vantage"]["ladder"] {
  return rungs.map(({ rung, available, reason, enable }) => ({
    rung,
    available,
    reason: available ? reason : reasonOf(rung, reason ?? NO_REASON),
    enable,
  }));
}

function reasonOf(rung: string, reason: string): string {
  const unseen = NOT_SEEN[rung];
  return unseen === undefined ? reason : `${reason}; not seen: ${unseen}`;
}
