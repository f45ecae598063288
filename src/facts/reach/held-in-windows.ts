// Whether what the distro sends, or its answers, end inside Windows: the distro gets nothing, and Windows itself gets there.

import { hostAdapters } from "../../host/adapters.ts";
import { readHost } from "../../host/host.ts";
import { rowsOf } from "../../host/sources.ts";
import type { Path } from "../../model/path.ts";
import { tracedAddress } from "../connection/subject.ts";
import type { Facts } from "../facts.ts";
import { perPath } from "../per-path.ts";
import { type HostDrop, hostDrops } from "./host-counters.ts";
import type { Observation } from "./host-probes.ts";
import { guestView } from "./path-host.ts";
import { brokenNetwork } from "./wsl-network.ts";

export interface HeldInWindows {
  /** Whether Windows answers the distro at all. */
  readonly gets: "gateway-silent" | "not-forwarded";
  /** Windows' own try of what the distro does not reach. */
  readonly windows: Observation;
  readonly evidence: readonly string[];
}

export type Held =
  | { readonly kind: "held"; readonly held: HeldInWindows }
  | { readonly kind: "elsewhere"; readonly because: Observation }
  | { readonly kind: "unknown"; readonly because: Observation }
  /** Something gets through, or the distro is not given a card or an address. */
  | { readonly kind: "not-silent" }
  /** Nobody answers ARP: no packet came as far as Windows' filters. */
  | { readonly kind: "no-arp"; readonly evidence: string };

/** A name that Windows resolves and the distro does not shows it as well as an address does. */
export function heldInWindows(facts: Facts): Held {
  const broken = brokenNetwork(facts);
  if (broken === null) return { kind: "not-silent" };
  const { gets, evidence } = broken;
  if (gets === "no-card" || gets === "no-address") return { kind: "not-silent" };
  const unanswered = facts.reach.refusals.find(({ own, says }) => own && says === "host");
  if (unanswered !== undefined) return { kind: "no-arp", evidence: unanswered.id };
  const windows = facts.attempt === undefined ? facts.host.name : facts.host.target;
  if (windows.state === "no") return { kind: "elsewhere", because: windows };
  if (windows.state === "unknown") return { kind: "unknown", because: windows };
  const all = [...evidence, ...windows.evidence];
  return { kind: "held", held: { gets, windows, evidence: all } };
}

/** Names of the adapters that the distro's packets cross in Windows: WSL's switch, and every one that leads on. */
export const crossedAdapters = perPath("crossedAdapters", (path: Path): ReadonlySet<string> => {
  const snapshot = path.host?.snapshot ?? null;
  if (snapshot === null) return new Set();
  const crossed = hostAdapters(snapshot, guestView(path)).filter(
    ({ kind, up }) => up !== false && ["wsl-switch", "physical", "vpn"].includes(kind),
  );
  return new Set(crossed.map(({ name }) => name));
});

/** The Windows Filtering Platform inspects in tcpip.sys; pktmon gives no provider with it. */
const OF_FILTERS = /inspection|\bwfp\b|filter|firewall/i;

/** What pktmon counted as dropped by a filter of Windows' own stack. */
export function filterDrops(path: Path): readonly HostDrop[] {
  return hostDrops(path).filter(
    ({ segment, reason }) => segment === "windows-stack" && OF_FILTERS.test(reason ?? ""),
  );
}

/** The same by Hyper-V's switch and what extends it. */
export function switchDrops(path: Path): readonly HostDrop[] {
  return hostDrops(path).filter(({ segment }) => segment === "vswitch");
}

/**
 * The filter of Windows that dropped what the distro sent to the target, or to its name servers where no target is
 * known, by its own name; null where none is known to have. Others drop the distro's broadcasts every day.
 */
export const filterThatDropped = perPath("filterThatDropped", (path: Path) => {
  const snapshot = path.host?.snapshot ?? null;
  if (snapshot === null) return null;
  const own = new Set(guestView(path).addresses.map(({ address }) => address));
  const target = tracedAddress(path);
  const peers = new Set(target === undefined ? (path.resolverConfig?.servers ?? []) : [target]);
  const drop = rowsOf(readHost(snapshot).filterDrops).find(
    ({ addresses }) =>
      addresses.some((one) => own.has(one)) && addresses.some((one) => peers.has(one)),
  );
  if (drop === undefined) return null;
  return { name: drop.filter, words: `${drop.filter} ${drop.description ?? ""}` };
});
