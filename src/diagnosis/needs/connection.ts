// Needs about the default attempt: that it was made, and how it failed.

import { stageOf } from "../../facts/connection/attempt.ts";
import { defaultEnding } from "../../facts/connection/ending.ts";
import type { Facts } from "../../facts/facts.ts";
import { notChecked, rejected } from "../outcome.ts";
import { sayNeed } from "../words.ts";
import { met } from "./met.ts";

export function attempt(facts: Facts) {
  return facts.attempt === undefined ? notChecked(sayNeed("noConnection")) : met(facts.attempt);
}

/** How its connect ended. */
export function connect(facts: Facts) {
  const stage = stageOf(facts.attempt, "connect");
  return stage === undefined ? notChecked(sayNeed("noConnection")) : met(stage);
}

/** What is known of the way there, after a connect or a query was tried. */
export function reach(facts: Facts) {
  return facts.reach.connect === "none" ? notChecked(sayNeed("noConnection")) : met(facts.reach);
}

/** How the default attempt ended, in a run that is over. */
export function ending({ path, attempt: made }: Facts) {
  const end = defaultEnding(path);
  if (made === undefined || end.kind === "none") return notChecked(sayNeed("noConnection"));
  return met({ ...end, attempt: made });
}

/** The evidence that the connection does not come about, or that not even a name could be asked for. */
export function failure({ reach: reached, dns: names, attempt: tried }: Facts) {
  if (tried === undefined) {
    const servers = names.configured.filter(
      ({ status }) => status === "silent" || status === "unreachable",
    );
    const dead = servers.length > 0 && servers.length === names.configured.length;
    return dead
      ? met(servers.flatMap(({ evidence }) => evidence))
      : notChecked(sayNeed("nothingConnected"));
  }
  const evidence: readonly string[] = reached.connectId === null ? [] : [reached.connectId];
  if (reached.connect === "none") return notChecked(sayNeed("nothingTried"));
  if (reached.connect !== "passed") return met(evidence);
  return rejected(sayNeed("comesAbout"), evidence);
}
