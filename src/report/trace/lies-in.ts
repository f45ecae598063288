// Whether the root cause lies in what a step looked at: such a step holds, and does not "work".

import type { Area } from "../../diagnosis/cause.ts";
import type { CauseId } from "../../diagnosis/causes/list.ts";
import { causeOf } from "../../diagnosis/causes/list.ts";
import type { FindingData } from "../../diagnosis/diagnosis.ts";
import type { TraceStepKind } from "../../schema/trace-step.ts";
import type { StepData } from "./step.ts";

type Kinds = readonly TraceStepKind[];

/** What the causes of an area are about. */
const BY_AREA: Partial<Record<Area, Kinds>> = {
  route: ["route"],
  names: ["resolve"],
  "resolver-file": ["resolve"],
  "wsl-dns": ["resolve"],
};

/** Where the area does not tell it. */
const BY_CAUSE: Partial<Record<CauseId, Kinds>> = {
  // Both are about where the kernel sends or expects packets by its routes.
  "rp-filter-drop": ["route"],
  "gateway-unreachable": ["route"],
  "tls-inspection-untrusted-ca": ["tls"],
  "clock-skew": ["tls"],
  "tls-large-hello-lost": ["tls"],
  // The portal answers in the server's place.
  "captive-portal": ["tls", "http"],
  "transfer-stalls": ["http"],
  "new-connections-lost": ["connect"],
  "path-loss": ["loss"],
  "ecn-lost": ["loss"],
};

/** Steps about one part of the chain, which the cause's place names as well. The destination answers in many ways. */
const OF_ONE_PART: Kinds = ["machine", "resolve", "hops"];

function liesIn(root: FindingData, { kind, segment }: StepData): boolean {
  const { cause, direction } = root;
  const known = causeOf(cause);
  if (known === undefined) return false;
  if (BY_AREA[known.area]?.includes(kind) || BY_CAUSE[known.id]?.includes(kind)) return true;
  const ways = direction === "both" ? ["outbound", "inbound"] : [direction];
  const isOfSizes = known.area === "sizes" || known.id === "path-loss";
  if (isOfSizes && ways.some((way) => kind === `${way}-size`)) return true;
  return OF_ONE_PART.includes(kind) && segment === root.segment && segment !== "destination";
}

/** What came out of these is no proof that they are right. */
const SHOWN_TO_BE_THERE: Kinds = ["machine", "resolve", "route", "hops", "connect", "tls", "http"];

/** A healthy step in which the cause lies: what came back is told as it is. */
export function withDoubt(root: FindingData | undefined, one: StepData): StepData {
  if (root === undefined || one.result !== "healthy" || !liesIn(root, one)) return one;
  const doubted = { ...one, result: "context" as const };
  return SHOWN_TO_BE_THERE.includes(one.kind)
    ? { ...doubted, proves: (say) => say.thereButWrong }
    : doubted;
}
