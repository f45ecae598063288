// How sure a finding is: by which kind of evidence, and a number for each kind.

import { snapshotAge } from "../facts/snapshot-age.ts";
import type { Path } from "../model/path.ts";

/** The kinds of evidence that a finding may rest on, the strongest first. */
const GRADES = [
  /** Whoever knows it reports it, or the very state was read: nothing is concluded. */
  "exact",
  /** It was tried, beside controls that come out otherwise under everything that looks alike. */
  "measured",
  /** It follows from several observations, of which none shows it alone. */
  "inferred",
  /** It fits all that was seen, and so does another explanation that this run cannot exclude. */
  "candidate",
] as const;

export type Grade = (typeof GRADES)[number];

/** What a report says of each, 0 to 1: an order, not a frequency. */
export const CONFIDENCE: Readonly<Record<Grade, number>> = {
  exact: 0.98,
  measured: 0.95,
  inferred: 0.8,
  candidate: 0.5,
};

/** The next grade below, for an observation that also fits something else. */
export function weaker(grade: Grade): Grade {
  return GRADES[GRADES.indexOf(grade) + 1] ?? "candidate";
}

/** What an old snapshot leaves of a grade that rests on a state that changes. */
export function aged(path: Path, grade: Grade): Grade {
  return snapshotAge(path) === null ? grade : weaker(grade);
}
