// What lowers a confidence whatever the cause.

import { snapshotAge } from "../facts/snapshot-age.ts";
import type { Path } from "../model/path.ts";

/** What an old snapshot takes from a confidence that rests on a state that changes. */
export function agedConfidence(path: Path, confidence: number): number {
  return snapshotAge(path) === null ? confidence : confidence - AGED;
}

const AGED = 0.15;
