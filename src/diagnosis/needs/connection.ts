// Needs about the default attempt: that it was made, and how it failed.

import { stageOf } from "../../facts/connection/attempt.ts";
import { defaultEnding, type Ending } from "../../facts/connection/ending.ts";
import type { Facts } from "../../facts/facts.ts";
import type { ReachFacts } from "../../facts/reach/reach.ts";
import type { Attempt, StageResult } from "../../model/connections.ts";
import { notChecked, rejected } from "../outcome.ts";
import { type MetOr, met } from "./met.ts";

const NO_CONNECTION = "no connection was attempted";

export function attempt(facts: Facts): MetOr<Attempt> {
  return facts.attempt === undefined ? notChecked(NO_CONNECTION) : met(facts.attempt);
}

/** How its connect ended. */
export function connect(facts: Facts): MetOr<StageResult> {
  const stage = stageOf(facts.attempt, "connect");
  return stage === undefined ? notChecked(NO_CONNECTION) : met(stage);
}

/** What is known of the way there, after a connect or a query was tried. */
export function reach(facts: Facts): MetOr<ReachFacts> {
  return facts.reach.connect === "none" ? notChecked(NO_CONNECTION) : met(facts.reach);
}

/** How the default attempt ended, in a run that is over. */
export function ending({ path, attempt: made }: Facts): MetOr<Ended> {
  const end = defaultEnding(path);
  if (made === undefined || end.kind === "none") return notChecked(NO_CONNECTION);
  return met({ ...end, attempt: made });
}

export type Ended = Exclude<Ending, { kind: "none" }> & { readonly attempt: Attempt };

/** The evidence that the connection does not come about, or that not even a name could be asked for. */
export function failure({
  reach: reached,
  dns: names,
  attempt: tried,
}: Facts): MetOr<readonly string[]> {
  if (tried === undefined) {
    const servers = names.configured.filter(
      ({ status }) => status === "silent" || status === "unreachable",
    );
    const dead = servers.length > 0 && servers.length === names.configured.length;
    return dead
      ? met(servers.flatMap(({ evidence }) => evidence))
      : notChecked("nothing was connected to");
  }
  const evidence = reached.connectId === null ? [] : [reached.connectId];
  if (reached.connect === "none") return notChecked("nothing was tried");
  if (reached.connect !== "passed") return met(evidence);
  return rejected("the connection comes about all the same", evidence);
}
