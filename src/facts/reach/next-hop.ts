// What the next hop towards the target, and what is behind it, show without the target.

import type { Path } from "../../model/path.ts";
import type { Seen } from "../../model/seen.ts";
import type { RouteLookup } from "../../schema/events/guest.ts";
import { dnsFacts, type ServerFacts } from "../dns/dns.ts";
import { gatewayFor, isOnLink } from "./guest-route.ts";
import { ownAddresses, type ReachFacts, type Refusal } from "./reach.ts";

/** Of the kernel, to the target or to the name server. */
type Lookup = Seen<RouteLookup> | undefined;

/** Failed ARP or neighbour discovery is reported after three attempts, a second apart; a missing route at once. */
const AT_ONCE_MS = 900;

/** "Host unreachable" from a router that did not look for a neighbour first: it holds no route there. */
export function reportedAtOnce(reach: ReachFacts, { says, own, rttMs }: Refusal): boolean {
  if (says !== "host" || own || reach.connect !== "unreachable") return false;
  return rttMs < AT_ONCE_MS && (reach.connectMs ?? Number.POSITIVE_INFINITY) < AT_ONCE_MS;
}

/** A name server of the distro that answers from behind the gateway that leads to the target. */
export function pathServesOthers(path: Path, lookup: Lookup): ServerFacts | null {
  const gateway = lookup?.outcome.kind === "route" ? lookup.outcome.gateway : null;
  if (gateway === null) return null;
  const own = ownAddresses(path);
  const { configured, behindStub } = dnsFacts(path);
  const answered = [...configured, ...behindStub].find(({ server, status }) => {
    const replied = status === "answers" || status === "no-such-name";
    if (!replied || own.has(server) || server === gateway || isOnLink(path, server)) return false;
    return gatewayFor(path.routes?.routes ?? [], server)?.gateway === gateway;
  });
  return answered ?? null;
}

/** The interface to the target resolves neighbours (Ethernet); a tunnel's does not. */
export function hasNeighbours(path: Path, lookup: Lookup): boolean {
  if (lookup?.outcome.kind !== "route") return false;
  const { interface: name } = lookup.outcome;
  const link = path.interfaces?.interfaces.find((one) => one.name === name);
  return link === undefined || link.mac !== null;
}
