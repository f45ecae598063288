// Which connection the inbound sizes are about: the one that hung in data.

import type { Attempt, Stall } from "../../model/connections.ts";
import type { Path } from "../../model/path.ts";
import type { TcpStage } from "../../schema/events/tcp.ts";
import { defaultAttempt } from "../connection/subject.ts";
import { sizedAttempt } from "./cached.ts";

/**
 * The default attempt, or where a cached PMTU kept that small, the one beside it; where those got a small answer, a longer one
 * that stopped on the way.
 */
export function inboundSubject(path: Path): Attempt | undefined {
  const first = defaultAttempt(path);
  if (first === undefined || hungIn(first) !== null) return first;
  const sized = sizedAttempt(path) ?? first;
  if (hungIn(sized) !== null) return sized;
  return path.connections["long-answer"].findLast(hasStopped) ?? sized;
}

/** A connection that was ended early has stopped nowhere. */
function hasStopped(attempt: Attempt): boolean {
  return attempt.stalls.some((stall) => stall.stage !== "connect" && isMissing(attempt, stall));
}

/** The stage that an attempt hung in at any time, recovered or not; connecting is not about sizes. */
export function hungIn(attempt: Attempt): TcpStage | null {
  const stall = attempt.stalls.find(
    (candidate) => candidate.stage !== "connect" && isMissing(attempt, candidate),
  );
  const silent = attempt.stages.find(
    (stage) => stage.result.kind === "no-reply" && stage.stage !== "connect",
  );
  return stall?.stage ?? silent?.stage ?? null;
}

/** Something had yet to arrive: else a stage that passed later was slow on this machine, with all of it there. */
export function isMissing({ stages }: Attempt, { stage, info }: Stall): boolean {
  const passed = stages.find((one) => one.stage === stage && one.result.kind === "ok");
  const [then, later] = [info?.bytesReceived ?? null, passed?.info?.bytesReceived];
  return then === null || then === 0 || then !== later;
}
