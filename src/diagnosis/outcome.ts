// What a rule can come to: it fires, it is rejected by what was seen, or it was not checked.

import type { Finding } from "../schema/verdict.ts";
import type { Confidence } from "./confidence.ts";

export type FiredFinding = Omit<Finding, "cause" | "ruledOut" | "severity" | "confidence"> & {
  readonly confidence: Confidence;
  /** When it differs from the cause's own. */
  readonly severity?: Finding["severity"];
};

type Fired = { readonly kind: "fires"; readonly finding: FiredFinding };
/** What it would need was seen, and speaks against it. */
type Rejected = {
  readonly kind: "rejected";
  readonly because: string;
  readonly evidence: readonly string[];
};
/** Its evidence was not observable. */
type NotChecked = { readonly kind: "not-checked"; readonly reason: string };

export type Outcome = Fired | Rejected | NotChecked;
/** Why a rule cannot fire. */
export type Declined = Rejected | NotChecked;

export function fires(finding: FiredFinding): Fired {
  return { kind: "fires", finding };
}

/** A finding about names: at the resolver, in no direction. */
export function atResolver(
  finding: Omit<FiredFinding, "segment" | "between" | "direction" | "fixes"> &
    Partial<Pick<FiredFinding, "fixes">>,
): Fired {
  return fires({ segment: "resolver", between: null, direction: null, fixes: [], ...finding });
}

export function rejected(because: string, evidence: readonly string[] = []): Rejected {
  return { kind: "rejected", because, evidence };
}

export function notChecked(reason: string): NotChecked {
  return { kind: "not-checked", reason };
}
