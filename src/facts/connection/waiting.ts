// What the default attempt waits for while a run goes on, and since when.

import type { Path } from "../../model/path.ts";
import type { TcpStage } from "../../schema/events/tcp.ts";
import type { Stage } from "../../schema/verdict.ts";
import { awaitsNameServer } from "../dns/resolver-path.ts";
import { stageOf } from "./attempt.ts";
import { defaultAttempt } from "./subject.ts";

export interface Waiting {
  readonly stage: Stage["stage"];
  /** When it began, since the run began. */
  readonly sinceMs: number;
}

/** What the default attempt waits for; null where it waits for nothing, or the run is over. */
export function waitingFor(path: Path): Waiting | null {
  if (path.ended !== null) return null;
  const attempt = defaultAttempt(path);
  if (attempt === undefined) {
    const { addresses, resolverPath } = path;
    const asked = addresses === null && (resolverPath === null || awaitsNameServer(path));
    return asked ? { stage: "resolve", sinceMs: 0 } : null;
  }
  if (attempt.ended !== null) return null;
  const stage = goalsOf(path.run?.target.scheme).find((one) => stageOf(attempt, one) === undefined);
  const before = attempt.stages.at(-1);
  if (stage === undefined || (before !== undefined && before.result.kind !== "ok")) return null;
  return { stage, sinceMs: attempt.atMs + (before?.sinceStartMs ?? 0) };
}

/** Schemes whose conversation begins without TLS. */
const WITHOUT_TLS: readonly (string | undefined)[] = ["http"];
const GOALS: readonly TcpStage[] = ["connect", "tls", "http"];

function goalsOf(scheme: string | undefined): readonly TcpStage[] {
  return WITHOUT_TLS.includes(scheme) ? GOALS.filter((stage) => stage !== "tls") : GOALS;
}
