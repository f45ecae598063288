// The shape of a cause: what holds for it in every run, and its rule, which judges one run.

import type { Facts } from "../facts/facts.ts";
import type { Direction, SegmentKind, Severity } from "../schema/verdict.ts";
import type { Outcome } from "./outcome.ts";

/** The folder of `causes` that holds its rule and its page. */
export type Area =
  | "names"
  | "resolver-file"
  | "wsl-dns"
  | "route"
  | "stack"
  | "host"
  | "reach"
  | "sizes"
  | "proxy"
  | "web"
  | "application"
  | "ipv6";

export interface Cause<Id extends string = string, Other extends string = string> {
  readonly id: Id;
  readonly area: Area;
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
  readonly judge: (facts: Facts) => Outcome;
}

/** Keeps the ids as literal types, from which `causes/list.ts` checks that they exist. */
export function cause<const Id extends string, const Other extends string = never>(
  definition: Cause<Id, Other>,
): Cause<Id, Other> {
  return definition;
}
