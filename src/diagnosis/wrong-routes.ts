// What the rules about routes that lead the wrong way have in common.

import type { Facts } from "../facts/facts.ts";
import { guestView } from "../facts/reach/path-host.ts";
import { firstReply } from "../facts/reach/reach.ts";
import { type ReplyRouteOverlap, replyRouteOverlap } from "../host/reply-route-overlap.ts";
import { notChecked, type Outcome, rejected } from "./outcome.ts";

/** How the run fails as far as a wrong route could be the reason; an outcome where it does not. */
export type Failure =
  | { readonly fails: true; readonly evidence: readonly string[] }
  | { readonly fails: false; readonly outcome: Outcome };

/** The connection does not come about, or not even a name could be asked for. */
export function failureOf({ reach, dns: names, attempt }: Facts): Failure {
  if (attempt === undefined) {
    const servers = names.configured.filter(
      ({ status }) => status === "silent" || status === "unreachable",
    );
    const dead = servers.length > 0 && servers.length === names.configured.length;
    return dead
      ? { fails: true, evidence: servers.flatMap(({ evidence }) => evidence) }
      : { fails: false, outcome: notChecked("nothing was connected to") };
  }
  const evidence = reach.connectId === null ? [] : [reach.connectId];
  if (reach.connect === "none") return { fails: false, outcome: notChecked("nothing was tried") };
  if (reach.connect !== "passed") return { fails: true, evidence };
  return { fails: false, outcome: rejected("the connection comes about all the same", evidence) };
}

type Judge = (overlap: ReplyRouteOverlap, evidence: readonly string[]) => Outcome;

/**
 * The common path of the rules about replies that the host sends astray: the guest hears nobody at
 * all, though ARP works, and the host's own routes explain it.
 */
export function judgeOverlap(facts: Facts, judge: Judge): Outcome {
  const { path, relation, reach, attempt } = facts;
  const snapshot = path.host?.snapshot ?? null;
  if (snapshot === null) return notChecked("the host's routes are not observable: no snapshot");
  if (relation?.kind !== "nat") return notChecked("the guest is not behind the host's NAT");
  const family = attempt?.family ?? null;
  const overlap = replyRouteOverlap(snapshot, relation, guestView(path), family);
  const host = path.host === null ? [] : [path.host.id];
  if (overlap === null) return rejected("the host's route to the guest is its own switch", host);
  const failure = failureOf(facts);
  if (!failure.fails) return failure.outcome;
  const replied = firstReply(path);
  if (replied !== undefined) return rejected("replies do reach the guest", [replied.id]);
  const neighbour = reach.refusals.find(({ own, says }) => own && says === "host");
  if (neighbour !== undefined) return rejected("the host answers not even ARP", [neighbour.id]);
  return judge(overlap, [...host, ...failure.evidence]);
}
