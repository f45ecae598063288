// The path to a name server that does not answer, in the form that the target's own path has.

import { addressOf, isLoopback } from "../../host/address.ts";
import type { Path } from "../../model/path.ts";
import type { Seen } from "../../model/seen.ts";
import type { DnsReply } from "../../schema/events/dns-replies.ts";
import { perPath } from "../per-path.ts";
import { ownAddresses, type ReachFacts, reachOf } from "../reach/reach.ts";

/**
 * The first server of resolv.conf, where all that were queried are silent or unreachable, and no
 * address was found. Null where one of them replied, or the server is this machine.
 */
export function silentServer(path: Path): string | null {
  if (path.addresses !== null) return null;
  const replies = path.dns.filter(({ origin }) => origin === "resolv.conf");
  if (replies.length === 0 || !replies.every(isSilent)) return null;
  const order = path.resolverConfig?.servers ?? [];
  const servers = [...new Set(replies.map(({ server }) => server))];
  const first = servers.sort((a, b) => order.indexOf(a) - order.indexOf(b))[0];
  const address = first === undefined ? null : addressOf(first);
  if (first === undefined || address === null || isLoopback(address)) return null;
  // WSL's DNS tunnel, too: its address is one of the distro's own.
  return ownAddresses(path).has(first) ? null : first;
}

function isSilent({ outcome }: DnsReply): boolean {
  return outcome.kind === "no-reply" || outcome.kind === "unreachable";
}

/** How far packets to the silent name server get; null where no path was followed. */
export const resolverReach = perPath("resolverReach", computeResolverReach);

function computeResolverReach(path: Path): ReachFacts | null {
  const followed = path.resolverPath;
  if (followed === null) return null;
  const replies = path.dns.filter(({ server }) => server === followed.server);
  const reported = replies.find(({ outcome }) => outcome.kind === "unreachable");
  const asked: Seen<DnsReply> | undefined = reported ?? replies[0];
  return reachOf(path, followed.server, {
    connect: reported === undefined ? "silent" : "unreachable",
    connectId: asked?.id ?? null,
    connectMs: null,
  });
}
