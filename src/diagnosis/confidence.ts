// How sure a finding is: by which kind of evidence, and a number for it.

import { snapshotAge } from "../facts/snapshot-age.ts";
import type { Path } from "../model/path.ts";

/** The kind of evidence that a finding rests on: what each means stands at its function. */
export type Grade = "exact" | "measured" | "inferred" | "candidate";

export interface Confidence {
  readonly grade: Grade;
  /** 0..1 */
  readonly number: number;
}

/** Whoever knows it reports it, or the very state was read: nothing is concluded. */
export function exact(number: number): Confidence {
  return { grade: "exact", number };
}

/** It was tried, beside controls that come out otherwise under everything that looks alike. */
export function measured(number: number): Confidence {
  return { grade: "measured", number };
}

/** It follows from several observations, of which none shows it alone. */
export function inferred(number: number): Confidence {
  return { grade: "inferred", number };
}

/** It fits all that was seen, and so does another explanation that this run cannot exclude. */
export function candidate(number: number): Confidence {
  return { grade: "candidate", number };
}

/** The same grade with a smaller number. */
export function lowered({ grade, number }: Confidence, by: number): Confidence {
  return { grade, number: number - by };
}

/** What an old snapshot takes from a confidence that rests on a state that changes. */
export function aged(path: Path, confidence: Confidence): Confidence {
  return snapshotAge(path) === null ? confidence : lowered(confidence, AGED);
}

const AGED = 0.15;
