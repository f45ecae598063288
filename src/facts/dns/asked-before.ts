// The name servers that a program asks in vain before it gets its answer.

import type { Path } from "../../model/path.ts";
import { dnsFacts, type ServerFacts } from "./dns.ts";

/** Those in front of the deciding one; with "rotate" each of them is the first of some look-up. */
export function askedBefore(path: Path): readonly ServerFacts[] {
  const { configured, decidedBy } = dnsFacts(path);
  const { options, libc } = path.resolverConfig ?? {};
  // musl asks all of them at once and takes the first answer (src/network/res_msend.c).
  if (libc === "musl") return [];
  const others = configured.filter((server) => server !== decidedBy);
  if (options?.rotate === true) return others;
  const deciding = decidedBy === null ? -1 : configured.indexOf(decidedBy);
  return deciding < 0 ? others : configured.slice(0, deciding);
}

/** What an answer of no use cost in milliseconds: the quickest, since this machine may be busy when another one comes. */
export function spentOn({ replies }: ServerFacts): number {
  const times = replies.flatMap(({ rttMs }) => rttMs ?? []);
  return times.length === 0 ? 0 : Math.min(...times);
}

/** From here on a user feels it as a delay of its own. */
export const SPENT_MS = 1000;
