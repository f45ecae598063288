// All that is computed from a Path for those who judge it, each fact on its first use.

import type { GuestRelation } from "../host/relation.ts";
import type { VpnOnPath } from "../host/vpn.ts";
import type { Attempt } from "../model/connections.ts";
import type { Path } from "../model/path.ts";
import type { Seen } from "../model/seen.ts";
import type { RouteLookup } from "../schema/events/guest.ts";
import { defaultAttempt, tracedLookup } from "./connection/subject.ts";
import { type DnsFacts, dnsFacts } from "./dns/dns.ts";
import { resolverReach } from "./dns/resolver-path.ts";
import { type DistroTunnel, distroTunnelOn } from "./reach/distro-tunnel.ts";
import { type GuestPath, guestPath } from "./reach/guest-path.ts";
import { type Hops, hopsOf } from "./reach/hops.ts";
import { type HostFacts, hostFacts } from "./reach/host-evidence.ts";
import { relationOf, targetVpn, vpnTo } from "./reach/path-host.ts";
import { type ReachFacts, reachFacts } from "./reach/reach.ts";
import { type ServiceFacts, serviceFacts } from "./service/service.ts";
import { type FullSize, fullSize } from "./size/full-size.ts";
import { type InboundFacts, inboundFacts } from "./size/inbound.ts";
import { type OutboundFacts, outboundFacts } from "./size/outbound.ts";

export interface Facts {
  readonly path: Path;
  readonly dns: DnsFacts;
  /** The default attempt; undefined when nothing was connected to. */
  readonly attempt: Attempt | undefined;
  readonly inbound: InboundFacts;
  readonly outbound: OutboundFacts;
  /** Null where sizes are not asked. */
  readonly fullSize: FullSize | null;
  readonly hops: Hops;
  /** Null in a run about anything but a service of the distro. */
  readonly service: ServiceFacts | null;
  /** How far this side's own packets get, and what the host's own probes show. */
  readonly guest: GuestPath;
  readonly host: HostFacts;
  /** Null without a snapshot. */
  readonly relation: GuestRelation | null;
  /** What follows is about the target; for rules of name servers, about the silent one. */
  readonly reach: ReachFacts;
  readonly vpn: VpnOnPath | null;
  /** A VPN of the distro's own that takes the packets, so that Windows sees the tunnel's alone. */
  readonly distroTunnel: DistroTunnel | null;
  /** The kernel's routes to the target's addresses, or to the name server. */
  readonly lookups: readonly Seen<RouteLookup>[];
  /** The one of them that packets to `reach.address` take. */
  readonly lookup: Seen<RouteLookup> | undefined;
}

/** Whom packets are sent to: the target, or a name server. */
interface Subject {
  readonly reach: (path: Path) => ReachFacts;
  readonly vpn: (path: Path) => VpnOnPath | null;
  readonly lookups: readonly Seen<RouteLookup>[];
  readonly lookup: Seen<RouteLookup> | undefined;
}

export function factsOf(path: Path): Facts {
  return factsAbout(path, {
    reach: reachFacts,
    vpn: targetVpn,
    lookups: path.lookups,
    lookup: tracedLookup(path),
  });
}

/** Facts about the path to a silent name server in place of the target's; the same where none was followed. */
export function nameServerFacts(path: Path): Facts {
  if (path.resolverPath === null) return factsOf(path);
  const { id, server: address, family, route: outcome } = path.resolverPath;
  const lookup = { kind: "route-lookup", when: "before", id, address, family, outcome } as const;
  return factsAbout(path, {
    reach: (own) => resolverReach(own) ?? reachFacts(own),
    vpn: (own) => vpnTo(own, address),
    lookups: [lookup],
    lookup,
  });
}

function factsAbout(path: Path, subject: Subject): Facts {
  return {
    path,
    lookups: subject.lookups,
    lookup: subject.lookup,
    get dns() {
      return dnsFacts(path);
    },
    get attempt() {
      return defaultAttempt(path);
    },
    get service() {
      return serviceFacts(path);
    },
    get inbound() {
      return inboundFacts(path);
    },
    get outbound() {
      return outboundFacts(path);
    },
    get fullSize() {
      return fullSize(path);
    },
    get hops() {
      return hopsOf(path);
    },
    get guest() {
      return guestPath(path);
    },
    get host() {
      return hostFacts(path);
    },
    get relation() {
      return relationOf(path);
    },
    get reach() {
      return subject.reach(path);
    },
    get vpn() {
      return subject.vpn(path);
    },
    get distroTunnel() {
      return distroTunnelOn(path, subject.lookup);
    },
  };
}
