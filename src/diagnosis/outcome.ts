// What a rule can come to: it fires, it is rejected by what was seen, or it was not checked.

import type { Grade } from "./confidence.ts";
import type { FindingData } from "./diagnosis.ts";
import type { Words } from "./words.ts";

export interface FiredFinding
  extends Pick<
    FindingData,
    "segment" | "between" | "direction" | "summary" | "evidence" | "fixes"
  > {
  readonly confidence: Grade;
  /** When it differs from the cause's own. */
  readonly severity?: FindingData["severity"];
}

export interface Fired<Finding extends FiredFinding> {
  readonly kind: "fires";
  readonly finding: Finding;
}

/** What it would need was seen, and speaks against it. */
export interface Rejected<Because extends Words> {
  readonly kind: "rejected";
  readonly because: Because;
  readonly evidence: readonly string[];
}

/** Its evidence was not observable. */
export interface NotChecked<Reason extends Words> {
  readonly kind: "not-checked";
  readonly reason: Reason;
}

/** Why a rule cannot fire. */
export type Declined<Said extends Words = Words> = Rejected<Said> | NotChecked<Said>;
export type Outcome = Fired<FiredFinding> | Declined;

export function fires<Finding extends FiredFinding>(finding: Finding): Fired<Finding> {
  return { kind: "fires", finding };
}

/** A finding about names: at the resolver, in no direction. */
export function atResolver<
  Finding extends Omit<FiredFinding, "segment" | "between" | "direction" | "fixes"> &
    Partial<Pick<FiredFinding, "fixes">>,
>(finding: Finding) {
  return fires({ segment: "resolver", between: null, direction: null, fixes: [], ...finding });
}

export function rejected<Because extends Words>(
  because: Because,
  evidence: readonly string[] = [],
): Rejected<Because> {
  return { kind: "rejected", because, evidence };
}

export function notChecked<Reason extends Words>(reason: Reason): NotChecked<Reason> {
  return { kind: "not-checked", reason };
}
