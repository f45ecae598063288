// Snapshots of recorded runs, at their end or at a moment of them, as the screen would have got them.

import { EMPTY_PATH } from "../../src/model/path.ts";
import { reduce } from "../../src/model/reduce.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { diagnosisOf, serviceOf } from "../../src/report/diagnosis.ts";
import { snapshotOf } from "../../src/trace.ts";
import { readEvents } from "../recordings/files.ts";

/** @param untilMs since the run began; the whole run without */
export function recorded(file: string, untilMs = Number.POSITIVE_INFINITY): Snapshot {
  const events = readEvents(file).filter(({ atMs }) => atMs <= untilMs);
  const path = events.reduce(reduce, EMPTY_PATH);
  const elapsedMs = Number.isFinite(untilMs) ? untilMs : (events.at(-1)?.atMs ?? 0);
  const snapshot = snapshotOf(path, diagnosisOf(path), null, elapsedMs);
  return { ...snapshot, service: serviceOf(path), events };
}
