// What several rules about reaching the target ask of the same evidence.

import type { ServerFacts } from "../facts/dns/dns.ts";
import { gatewayFor } from "../facts/reach/guest-route.ts";
import { ownAddresses, type ReachFacts, type Refusal } from "../facts/reach/reach.ts";
import { addressOf, inPrefix, prefixAround } from "../host/address.ts";
import type { Facts } from "./rule.ts";

/** Failed ARP or neighbour discovery is told after three tries, a second apart; a route at once. */
const AT_ONCE_MS = 900;

/** "Host unreachable" from a router that did not look for a neighbour first: it holds no route there. */
export function reportedAtOnce(reach: ReachFacts, { says, own, rttMs }: Refusal): boolean {
  if (says !== "host" || own || reach.connect !== "unreachable") return false;
  return rttMs < AT_ONCE_MS && (reach.connectMs ?? Number.POSITIVE_INFINITY) < AT_ONCE_MS;
}

/** A name server of the distro that answers from behind the gateway that leads to the target. */
export function pathServesOthers({ path, lookup, dns: names }: Facts): ServerFacts | null {
  const gateway = lookup?.outcome.kind === "route" ? lookup.outcome.gateway : null;
  if (gateway === null) return null;
  const own = ownAddresses(path);
  const answered = [...names.configured, ...names.behindStub].find(({ server, status }) => {
    const spoke = status === "answers" || status === "no-such-name";
    if (!spoke || own.has(server) || server === gateway || !isFar(path, server)) return false;
    return gatewayFor(path.routes?.routes ?? [], server)?.gateway === gateway;
  });
  return answered ?? null;
}

/** Whether an address is on no link of this machine. */
function isFar(path: Facts["path"], server: string): boolean {
  const address = addressOf(server);
  if (address === null) return false;
  const links = path.interfaces?.interfaces ?? [];
  return !links.some((link) =>
    link.addresses.some((one) => {
      const own = addressOf(one.address);
      const prefix = own === null ? null : prefixAround(own, one.prefixLength);
      return prefix !== null && inPrefix(address, prefix);
    }),
  );
}

/** The interface to the target asks for neighbours (Ethernet); a tunnel's has no such question. */
export function hasNeighbours({ path, lookup }: Facts): boolean {
  if (lookup?.outcome.kind !== "route") return false;
  const { interface: name } = lookup.outcome;
  const link = path.interfaces?.interfaces.find((one) => one.name === name);
  return link === undefined || link.mac !== null;
}
