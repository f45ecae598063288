// How far a run is, stage by stage: what is waited for now, and what nothing was tried of yet.

import type { Snapshot } from "../src/model/snapshot.ts";
import type { Stage } from "../src/schema/verdict.ts";

const ORDER: readonly Stage["stage"][] = ["resolve", "route", "reach", "connect", "tls", "http"];

/** A stage as a screen shows it: what a finished run calls skipped has only not come yet. */
export type LiveStage = Omit<Stage, "status"> & {
  readonly status: Stage["status"] | "waiting" | "to come";
};

/** @param nowMs since the run began */
export function liveStages(snapshot: Snapshot, nowMs: number): readonly LiveStage[] {
  const { finished, diagnosis, waiting } = snapshot;
  if (finished) return diagnosis.stages;
  const at = waiting === null ? ORDER.length : ORDER.indexOf(waiting.stage);
  const failed = diagnosis.stages.some(
    ({ stage, status }) => status === "failed" && stage !== "reach" && stage !== waiting?.stage,
  );
  return diagnosis.stages.map((stage) => {
    if (stage.stage === waiting?.stage) {
      return { ...stage, status: "waiting", ms: Math.max(0, nowMs - waiting.sinceMs) };
    }
    const open = stage.status !== "ok" && (stage.stage === "reach" || stage.status !== "failed");
    const later = ORDER.indexOf(stage.stage) > at || stage.stage === "reach" || waiting === null;
    return open && later && !failed && !isSettled(stage) ? { ...stage, status: "to come" } : stage;
  });
}

/** Skipped for good: the target has no such stage. */
function isSettled({ stage, status }: Stage): boolean {
  return status === "skipped" && stage === "resolve";
}
