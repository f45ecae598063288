// How the distro gets its names: by WSL's tunnel, the host's proxy on the gateway, Windows' servers, a stub, or a file of its own.

import type { ServerFacts } from "../facts/dns/dns.ts";
import { snapshotAge } from "../facts/snapshot-age.ts";
import { type Settings, switchOf } from "../host/ini.ts";
import { hostLinks } from "../host/links.ts";
import { sameAdapter } from "../host/routes.ts";
import { wslSettings } from "../host/wsl-settings.ts";
import type { Path } from "../model/path.ts";
import type { Fix } from "../schema/verdict.ts";
import { type Facts, type FiredFinding, fires, type Outcome } from "./rule.ts";

export type ResolverPath =
  | { readonly kind: "tunnel" | "gateway-proxy" | "stub"; readonly server: string }
  /** WSL wrote the servers of Windows' adapters into the file. */
  | { readonly kind: "host-servers" }
  /** Somebody else wrote the file. */
  | { readonly kind: "manual" }
  | { readonly kind: "unknown"; readonly reason: string };

/** WSL's own listener (microsoft/WSL, dnsTunnelingIpAddress); recordings without a variant know it by this. */
const TUNNEL_SERVER = "10.255.255.254";

/**
 * By the first server and by the topology: the default gateway is the host's proxy only where the host is the gateway;
 * for a distro with the host's own addresses it is the LAN's router.
 */
export function resolverPath({ path, relation }: Facts): ResolverPath {
  const config = path.resolverConfig;
  const [first] = config?.servers ?? [];
  if (config === null || first === undefined) {
    return { kind: "unknown", reason: "resolv.conf names no server" };
  }
  if (config.variant === "dns-tunnel" || first === TUNNEL_SERVER) {
    return { kind: "tunnel", server: first };
  }
  if (config.variant === "systemd-stub") return { kind: "stub", server: first };
  if (isHostProxy(path, relation, first)) return { kind: "gateway-proxy", server: first };
  return { kind: config.generatedByWsl ? "host-servers" : "manual" };
}

function isHostProxy(path: Path, relation: Facts["relation"], server: string): boolean {
  const { vantage, routes, host } = path;
  if (relation !== null && host?.snapshot != null) {
    if (relation.kind !== "nat") return false;
    // The relation may rest on the other family's addresses.
    const own = hostLinks(host.snapshot).find((link) => sameAdapter(link, relation.adapter));
    return own?.addresses.some(({ address }) => address === server) === true;
  }
  const isGateway = routes?.routes.some(
    ({ gateway, prefix }) => gateway === server && prefix.endsWith("/0"),
  );
  return isGateway === true && vantage?.vantage === "wsl2" && vantage.networkingMode === "nat";
}

/** A finding about names: at the resolver, in no direction. */
export function atResolver(
  finding: Omit<FiredFinding, "segment" | "between" | "direction" | "fixes"> &
    Partial<Pick<FiredFinding, "fixes">>,
): Outcome {
  return fires({ segment: "resolver", between: null, direction: null, fixes: [], ...finding });
}

/** Statuses that show that a server, and the way to it, live. */
export function replies({ status }: ServerFacts): boolean {
  return status !== "silent" && status !== "unreachable";
}

/** The id of the host's event, as evidence. */
export function hostEvidence({ host }: Path): readonly string[] {
  return host === null ? [] : [host.id];
}

/** The settings of the host's .wslconfig; null when it is not in the snapshot. */
export function settingsOf({ host }: Path): Settings | null {
  return host?.snapshot == null ? null : wslSettings(host.snapshot);
}

/** What an old snapshot takes from a confidence that rests on a state that changes. */
export function agedConfidence(path: Path, confidence: number): number {
  return snapshotAge(path) === null ? confidence : confidence - AGED;
}

const AGED = 0.15;

/** "; the snapshot is 5 hours older than this run", or nothing. */
export function formatAge(path: Path): string {
  const age = snapshotAge(path);
  return age === null ? "" : `; the snapshot is ${age} older than this run`;
}

/** Lets Windows answer in the distro's place, unless .wslconfig asks for it already. */
export function tunnelFixes(path: Path): readonly Fix[] {
  const settings = settingsOf(path);
  if (settings !== null && switchOf(settings, "wsl2.dnsTunneling") === true) return [];
  return [
    {
      where: "windows",
      title: "Let Windows resolve for WSL2 (Windows 11 22H2 or later), NRPT and TCP included",
      commands: [
        'Add-Content "$env:USERPROFILE\\.wslconfig" "`n[wsl2]`ndnsTunneling=true"',
        "wsl --shutdown",
      ],
      persistent: true,
    },
  ];
}
