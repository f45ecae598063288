// Whether a gateway's link-layer address is all that anybody answers: ARP or neighbour discovery, and no packet of IP.

import { addressOf, isLoopback } from "../../host/address.ts";
import type { Probe } from "../../model/hop.ts";
import type { Path } from "../../model/path.ts";
import type { Seen } from "../../model/seen.ts";
import type { Neighbour } from "../../schema/events/guest.ts";
import { counterCheck } from "../kernel/counter-check.ts";
import { perPath } from "../per-path.ts";
import { isOnLink } from "./guest-route.ts";
import { ownAddressesOf } from "./reach.ts";

/** What ip-neighbour(8) calls an entry that was confirmed a short time ago, as nothing else comes from there. */
const CONFIRMED = "REACHABLE";

/** The gateway's answer to ARP or neighbour discovery; null where none was seen. */
export function answeredNeighbour(path: Path, gateway: string): Seen<Neighbour> | null {
  const entry = path.neighbours.findLast(({ address }) => address === gateway);
  return entry?.state === CONFIRMED ? entry : null;
}

/** The id of anything that came from a gateway, or from behind one; null where nothing did. */
export function answerOverGateway(path: Path, gateway: string): string | null {
  const own = ownAddressesOf(path);
  const isThere = (from: string) => {
    const address = addressOf(from);
    if (address === null || isLoopback(address) || own.has(from)) return false;
    return from === gateway || !isOnLink(path, from);
  };
  const replies = [...path.probes, ...path.flowProbes, ...path.controls].filter(({ outcome }) =>
    isReplyOf(outcome, isThere),
  );
  const names = [...path.dns, ...path.dnsChecks].filter(
    ({ outcome, server, transport }) =>
      transport !== "file" && HEARD.has(outcome.kind) && isThere(server),
  );
  const connected = path.attempts.flatMap(({ stages }) =>
    stages.filter(({ result }) => result.kind === "ok" || result.kind === "other-protocol"),
  );
  const pages = path.captivePortalChecks.filter(({ status }) => status !== null);
  const { wildcard } = path;
  const denied = wildcard?.error === null && isThere(wildcard.server) ? [wildcard] : [];
  const [first] = [...replies, ...names, ...connected, ...pages, ...denied];
  return first?.id ?? null;
}

function isReplyOf(outcome: Probe["outcome"], isThere: (from: string) => boolean): boolean {
  return "from" in outcome && isThere(outcome.from);
}

/** DNS outcomes that somebody sent. */
const HEARD: ReadonlySet<string> = new Set(["answer", "refused", "malformed"]);

/**
 * This kernel is known to have dropped none of the answers: no packet of the connection came in by an interface, or
 * its counters show that nothing is missing. Neighbours are answered in front of every filter of IP.
 */
export const isOwnStackCleared = perPath("isOwnStackCleared", computeIsOwnStackCleared);

function computeIsOwnStackCleared(path: Path): boolean {
  const { flows } = path.kernel;
  if (flows.some(({ sent, received }) => sent > 0 && received === 0)) return true;
  return counterCheck(path)?.verdict === "clear";
}
