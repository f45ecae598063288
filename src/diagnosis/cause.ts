// The shape of a cause: what holds for it in every run, and its rule, which judges one run.

import type { Facts } from "../facts/facts.ts";
import type { Direction, SegmentKind, Severity } from "../schema/verdict.ts";
import { type Given, meet, type Need } from "./needs/needs.ts";
import type { Outcome } from "./outcome.ts";
import type { SaidIn, Words } from "./words.ts";

/** The folder of `causes` that holds its rule and its page. */
export type Area =
  | "names"
  | "resolver-file"
  | "wsl-dns"
  | "wsl-network"
  | "route"
  | "mirrored"
  | "stack"
  | "host"
  | "windows-filter"
  | "reach"
  | "sizes"
  | "proxy"
  | "web"
  | "application"
  | "inbound"
  | "ipv6";

export interface Cause<
  Id extends string = string,
  Other extends string = string,
  In extends Area = Area,
  Said extends Words = Words,
> {
  readonly id: Id;
  readonly area: In;
  /** One line, as `wsl-trace explain` lists it. */
  readonly title: string;
  /** Null where it depends on the run, or where the evidence gives a range at best. */
  readonly segment: SegmentKind | null;
  /** When nothing else is known; a rule may raise a warning that stops the default attempt. */
  readonly severity: Severity;
  readonly direction: Direction | null;
  /** Causes whose presence makes this one a consequence, which is then not listed as a fault. */
  readonly dependsOn: readonly Other[];
  /** More of them, where the path to a silent name server was followed. */
  readonly dependsOnResolverPath?: readonly Other[];
  /** Causes that look alike: those that were rejected are listed with this one. */
  readonly differentialCauses: readonly Other[];
  /** Listed only where no other cause of a fault or a warning is. */
  readonly lastResort?: true;
  /** Judged by the path to a name server where none answers: no target's address is known then. */
  readonly ofNameServers?: true;
  /** In this order; the first that is not met decides the outcome, and the rule is not asked. */
  readonly needs: readonly Need[];
  readonly judge: (facts: Facts) => Outcome;
  /** Never there: its type is what the rule can say, and `src/report/words` has to have it. */
  readonly said?: Said;
}

interface Definition<
  Id extends string,
  Other extends string,
  In extends Area,
  Needs extends readonly Need[],
  Result extends Outcome,
> extends Omit<Cause<Id, Other, In>, "needs" | "judge" | "said"> {
  readonly needs: Needs;
  readonly judge: (facts: Facts, given: Given<Needs>) => Result;
}

/** Keeps the ids as literal types, from which `causes/list.ts` checks that they exist, and sees to the needs. */
export function cause<
  const Id extends string,
  const In extends Area,
  const Needs extends readonly Need[],
  Result extends Outcome,
  const Other extends string = never,
>(definition: Definition<Id, Other, In, Needs, Result>): Cause<Id, Other, In, SaidIn<Result>> {
  const { needs, judge } = definition;
  return { ...definition, judge: (facts) => judgeGiven(facts, needs, judge) };
}

// The first signature gives each value its type by its name; the second puts them together.
function judgeGiven<Needs extends readonly Need[]>(
  facts: Facts,
  needs: Needs,
  judge: (facts: Facts, given: Given<Needs>) => Outcome,
): Outcome;
function judgeGiven(
  facts: Facts,
  needs: readonly Need[],
  judge: (facts: Facts, given: Readonly<Record<string, unknown>>) => Outcome,
): Outcome {
  const given: Record<string, unknown> = {};
  for (const need of needs) {
    const { need: name, reason } = typeof need === "string" ? { need } : need;
    const found = meet(facts, name, reason);
    if (found.kind !== "met") return found;
    given[name] = found.value;
  }
  return judge(facts, given);
}
