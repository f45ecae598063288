// The shape of a rule: facts in, one outcome out.

import type { Facts } from "../facts/facts.ts";
import type { Finding } from "../schema/verdict.ts";
import type { CauseId } from "./findings.ts";

export type FiredFinding = Omit<Finding, "cause" | "ruledOut" | "severity"> & {
  /** When it differs from the table's. */
  readonly severity?: Finding["severity"];
  /** Causes that explain it in this run, beside those of the table. */
  readonly consequenceOf?: readonly CauseId[];
};

export type Outcome =
  | { readonly kind: "fires"; readonly finding: FiredFinding }
  /** What it would need was seen, and speaks against it. */
  | { readonly kind: "rejected"; readonly because: string; readonly evidence: readonly string[] }
  /** Its evidence was not observable. */
  | { readonly kind: "not-checked"; readonly reason: string };

export interface Rule {
  readonly cause: CauseId;
  /** Judged by the way to a name server where none answers: no target's address is known then. */
  readonly ofNameServers?: true;
  /** Causes that look alike: those that were rejected are listed with this one. */
  readonly differentialCauses: readonly CauseId[];
  judge(facts: Facts): Outcome;
}

export function fires(finding: FiredFinding): Outcome {
  return { kind: "fires", finding };
}

/** A finding about names: at the resolver, in no direction. */
export function atResolver(
  finding: Omit<FiredFinding, "segment" | "between" | "direction" | "fixes"> &
    Partial<Pick<FiredFinding, "fixes">>,
): Outcome {
  return fires({ segment: "resolver", between: null, direction: null, fixes: [], ...finding });
}

type Rejected = Extract<Outcome, { readonly kind: "rejected" }>;
type NotChecked = Extract<Outcome, { readonly kind: "not-checked" }>;

export function rejected(because: string, evidence: readonly string[] = []): Rejected {
  return { kind: "rejected", because, evidence };
}

export function notChecked(reason: string): NotChecked {
  return { kind: "not-checked", reason };
}
