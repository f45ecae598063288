// The run's own probes by whom they were sent to, in the order of sending.

import type { Probe } from "../../model/hop.ts";
import type { Path } from "../../model/path.ts";
import { tracedAddress } from "../connection/subject.ts";
import { perPath, perPathAndKey } from "../per-path.ts";

/** To one address. */
export const probesTo = perPathAndKey("probesTo", ({ probes }: Path, to: string) =>
  probes.filter(({ address }) => address === to),
);

/** To the traced address. */
export function targetProbes(path: Path): readonly Probe[] {
  return probesTo(path, tracedAddress(path) ?? "");
}

/** SYNs to the very port of the target. */
export const targetSyns = perPath("targetSyns", (path) =>
  targetProbes(path).filter(({ protocol, port }) => protocol === "tcp" && port === undefined),
);
