// Two runs compared: what changed in the network between them, what cannot be compared, and what differs beside it.

import type { Report } from "../../schema/report.ts";
import { rootCause } from "../text-findings.ts";
import { type Beside, besides } from "./beside.ts";
import { chainDifferences } from "./chain.ts";
import { AREAS, type Change, together, type Unclear } from "./change.ts";
import { findingDifferences } from "./findings.ts";
import { localDifferences } from "./local.ts";
import {
  sizeDifferences,
  stageDifferences,
  targetDifferences,
  verdictDifference,
} from "./measured.ts";
import { type Side, sideOf } from "./side.ts";

const DIFF_SCHEMA = "wsl-trace.diff/1";

/** "together": equal names stand for equal ones; "apart": each run is numbered by itself, and they may not. */
export type Redacted = "together" | "apart";

/** One of the two runs, in a line. */
export interface RunHead {
  readonly startedAt: string;
  readonly target: string;
  readonly verdict: Report["verdict"];
  /** Null where nothing stops the user. */
  readonly cause: string | null;
}

export interface Diff {
  readonly schema: typeof DIFF_SCHEMA;
  readonly before: RunHead;
  readonly after: RunHead;
  /** In the order of AREAS; empty where nothing that matters changed: times, ids, ports and numbers of packets do not. */
  readonly changes: readonly Change[];
  readonly unclear: readonly Unclear[];
  readonly beside: readonly Beside[];
  /** Where names and addresses stand for others; absent: nowhere. */
  readonly redacted?: Redacted;
}

/** @throws Error when the events of one do not begin with run-started */
export function diffOf(first: Report, second: Report, redacted: Redacted | null = null): Diff {
  const [before, after] = [sideOf(first), sideOf(second)];
  const { changes, unclear } = together([
    verdictDifference(first, second),
    findingDifferences(first, second),
    stageDifferences(first, second),
    sizeDifferences(first, second),
    targetDifferences(before, after),
    chainDifferences(before, after),
    localDifferences(before, after),
  ]);
  return {
    schema: DIFF_SCHEMA,
    before: headOf(before),
    after: headOf(after),
    changes: inOrder(changes),
    unclear: inOrder(unclear),
    beside: besides(before, after),
    ...(redacted === null ? {} : { redacted }),
  };
}

function headOf({ report }: Side): RunHead {
  const { startedAt, target, verdict, findings } = report;
  const cause = rootCause(findings)?.cause ?? null;
  return { startedAt, target: `${target.host}:${target.port}`, verdict, cause };
}

function inOrder<One extends Change>(all: readonly One[]): readonly One[] {
  return AREAS.flatMap((area) => all.filter((one) => one.area === area));
}
