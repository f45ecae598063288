// The path to a name server that does not answer, in the form that the target's own path has.

import { addressOf, isLoopback } from "../../host/address.ts";
import type { Path } from "../../model/path.ts";
import type { Seen } from "../../model/seen.ts";
import type { DnsReply } from "../../schema/events/dns-replies.ts";
import { perPath } from "../per-path.ts";
import { ownAddresses, type ReachFacts, reachOf } from "../reach/reach.ts";

/**
 * The first server of resolv.conf, where all that have been queried are silent or unreachable so far, and no
 * address was found. Null where one of them replied, or the server is this machine.
 */
export function silentServer(path: Path): string | null {
  if (path.addresses !== null) return null;
  if (!repliesOf(path).every(isSilent)) return null;
  const [first] = path.resolverConfig?.servers ?? [];
  const address = first === undefined ? null : addressOf(first);
  if (first === undefined || address === null || isLoopback(address)) return null;
  // WSL's DNS tunnel, too: its address is one of the distro's own.
  return ownAddresses(path).has(first) ? null : first;
}

function repliesOf({ dns }: Path): readonly DnsReply[] {
  return dns.filter(({ origin }) => origin === "resolv.conf");
}

/** The path to the silent server was followed, and all that is open is whether it answers late. */
export function awaitsNameServer(path: Path): boolean {
  const { addresses, resolverPath, ended } = path;
  const isOpen = addresses === null && resolverPath !== null && ended === null;
  return isOpen && pendingReplies(path).length > 0 && repliesOf(path).every(isSilent);
}

/** Until when a program that began with the run would wait for it, in milliseconds; null where nobody was asked. */
export function nameServerEndMs({ resolverConfig }: Path): number | null {
  if (resolverConfig === null) return null;
  const { timeoutSeconds = USUAL.timeoutSeconds, attempts = USUAL.attempts } =
    resolverConfig.options ?? {};
  return timeoutSeconds * attempts * MS_PER_SECOND;
}

/** Of resolv.conf(5). */
const USUAL = { timeoutSeconds: 5, attempts: 2 } as const;
const MS_PER_SECOND = 1000;

/** The replies that a run has by its end where a server stays silent, for those that have not come. */
export function pendingReplies(path: Path): readonly DnsReply[] {
  const { resolverConfig, run } = path;
  const name = run?.target.host.replace(/\.$/, "") ?? "";
  const family = run?.options.family ?? null;
  const types = (["A", "AAAA"] as const).filter(
    (type) => family === null || (type === "A") === (family === 4),
  );
  const waitedMs = nameServerEndMs(path) ?? 0;
  const replies = repliesOf(path);
  return (resolverConfig?.servers ?? []).flatMap((server) =>
    types.flatMap((type) =>
      replies.some((reply) => reply.server === server && reply.type === type)
        ? []
        : [
            {
              kind: "dns-reply" as const,
              server,
              origin: "resolv.conf" as const,
              transport: "udp" as const,
              name,
              type,
              outcome: { kind: "no-reply" as const, waitedMs },
              rttMs: null,
              sent: 1,
            },
          ],
    ),
  );
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
