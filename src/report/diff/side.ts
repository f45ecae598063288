// One of the two runs that are compared: its report, and what it read of the machine and of Windows.

import { relationOf } from "../../facts/reach/path-host.ts";
import type { Path } from "../../model/path.ts";
import { pathOf } from "../../model/reduce.ts";
import type { EnvReport } from "../../schema/env-report.ts";
import type { Report } from "../../schema/report.ts";
import { adapterRows, hostPaths } from "../env-host.ts";

export interface Side {
  readonly report: Report;
  readonly path: Path;
  /** Null where there is no snapshot, or one of another host: nothing is known of Windows. */
  readonly host: Pick<EnvReport["host"], "adapters" | "ways"> | null;
}

export function sideOf(report: Report): Side {
  const path = pathOf(report.events);
  const kind = relationOf(path)?.kind;
  const isOurs = kind === "nat" || kind === "same-host";
  const host = isOurs ? { adapters: adapterRows(path), ways: hostPaths(path) } : null;
  return { report, path, host };
}
