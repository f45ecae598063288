// The shape of a rule: facts in, one outcome out.

import type { DnsFacts } from "../facts/dns/dns.ts";
import type { ReachFacts } from "../facts/reach/reach.ts";
import type { InboundFacts } from "../facts/size/inbound.ts";
import type { OutboundFacts } from "../facts/size/outbound.ts";
import type { GuestRelation } from "../host/relation.ts";
import type { VpnOnPath } from "../host/vpn.ts";
import type { Attempt, Path } from "../model/path.ts";
import type { Seen } from "../model/seen.ts";
import type { RouteLookup } from "../schema/events/guest.ts";
import type { Finding } from "../schema/verdict.ts";
import type { CauseId } from "./findings.ts";

/** What several rules need, worked out once from the Path. */
export interface Facts {
  readonly path: Path;
  readonly dns: DnsFacts;
  /** The default attempt; undefined when nothing was connected to. */
  readonly attempt: Attempt | undefined;
  readonly inbound: InboundFacts;
  readonly outbound: OutboundFacts;
  readonly reach: ReachFacts;
  /** Null without a snapshot. */
  readonly relation: GuestRelation | null;
  readonly vpn: VpnOnPath | null;
  /** The kernel's routes to the target's addresses; for rules of name servers, to the one that was followed. */
  readonly lookups: readonly Seen<RouteLookup>[];
  /** The one of them that packets to `reach.address` take. */
  readonly lookup: Seen<RouteLookup> | undefined;
}

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

type Rejected = Extract<Outcome, { readonly kind: "rejected" }>;
type NotChecked = Extract<Outcome, { readonly kind: "not-checked" }>;

export function rejected(because: string, evidence: readonly string[] = []): Rejected {
  return { kind: "rejected", because, evidence };
}

export function notChecked(reason: string): NotChecked {
  return { kind: "not-checked", reason };
}
