// What a run knows of the Windows host, from its Path.

import { relationOf } from "../facts/reach/path-host.ts";
import { snapshotAge } from "../facts/snapshot-age.ts";
import type { Path } from "../model/path.ts";
import type { HostSource } from "../schema/host-source.ts";

/** Null when the run has not come to that. */
export function hostSourceOf(path: Path): HostSource | null {
  if (path.host === null) return null;
  const { origin, reason, snapshot } = path.host;
  const relation = relationOf(path);
  return {
    origin,
    reason,
    collectedAt: snapshot?.collectedAt ?? null,
    age: snapshotAge(path),
    relation: relation?.kind ?? null,
    because: relation === null ? null : "because" in relation ? relation.because : relation.reason,
  };
}
