// A VPN client blocks everything that does not go through its tunnel, and WSL's switch is such a thing to it.

import type { Facts } from "../../../facts/facts.ts";
import { filterDrops, filterThatDropped } from "../../../facts/reach/held-in-windows.ts";
import type { HostDrop } from "../../../facts/reach/host-counters.ts";
import { formatHostDrop } from "../../../facts/reach/host-counters.ts";
import { guestView, hostEvidence } from "../../../facts/reach/path-host.ts";
import type { HostAdapter } from "../../../host/adapters.ts";
import { sameAdapter, usableRoutes } from "../../../host/routes.ts";
import { vpnAdapters } from "../../../host/vpn.ts";
import type { Path } from "../../../model/path.ts";
import type { HostSnapshot } from "../../../schema/host-snapshot.ts";
import { cause } from "../../cause.ts";
import { aged, type Grade } from "../../confidence.ts";
import { met } from "../../needs/met.ts";
import { meet } from "../../needs/needs.ts";
import { fires, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";
import { BEFORE_THE_HOST } from "../groups.ts";
import { isSwitchingVpn, securityProduct } from "./products.ts";
import { SEE_FILTERS } from "./tell.ts";

export const vpnKillswitchWfp = cause({
  id: "vpn-killswitch-wfp",
  area: "windows-filter",
  title: "A VPN client of Windows blocks everything outside its tunnel, the distro too",
  segment: "windows-stack",
  severity: "fault",
  direction: null,
  dependsOn: [
    ...BEFORE_THE_HOST,
    "hyperv-firewall-blocks-outbound",
    "vpn-tunnel-dead",
    "windows-firewall-blocks-guest-to-host",
    "dns-proxy-blocked-by-local-firewall",
    "hns-dns-rule-stale",
  ],
  differentialCauses: [
    "endpoint-security-drops-wsl",
    "host-forwarding-blocked",
    "vpn-metric-steals-wsl-subnet",
    "dns-server-unreachable",
  ],
  needs: [],
  judge: (facts) => {
    const { path } = facts;
    const silent = silence(facts);
    if (silent.kind !== "met") return silent;
    const taken = meet(facts, "snapshot");
    if (taken.kind !== "met") return taken;
    const relation = meet(facts, "nat");
    if (relation.kind !== "met") return relation;
    const [held, snapshot] = [silent.value, taken.value];
    const dropped = filterDrops(path);
    const filter = filterThatDropped(path);
    if (filter !== null && securityProduct(filter.words) !== null) {
      return rejected(say("otherFilter", { filter: filter.name }), hostEvidence(path));
    }
    const seen = seenSwitch(path, snapshot, dropped.length > 0 || filter !== null);
    if (seen.kind !== "met") return seen;
    const { adapter, by } = seen.value;
    const isNamed = filter !== null && isOfVpn(filter.words);
    const drops = path.hostCounters === null ? [] : [path.hostCounters.id];
    return fires({
      severity: facts.dns.outcome === "ok" && held.gets === "no-names" ? "warning" : "fault",
      confidence: aged(path, isNamed ? "measured" : gradeOf(by, held, dropped)),
      segment: "windows-stack",
      between: null,
      direction: null,
      summary: say("found", {
        ...{ adapter, by },
        gets: held.gets,
        windows: held.because,
        drops: dropped.slice(0, SHOWN).map(formatHostDrop),
        filter: isNamed ? filter.name : null,
      }),
      evidence: [...hostEvidence(path), ...held.evidence, ...(dropped.length > 0 ? drops : [])],
      fixes: isNamed ? [] : [SEE_FILTERS],
    });
  },
});

const SHOWN = 2;

export interface Silence {
  /** Windows may be mute to the distro and forward for it all the same: then only its names are missing. */
  readonly gets: "gateway-silent" | "not-forwarded" | "no-names";
  readonly because: string;
  readonly evidence: readonly string[];
}

function silence(facts: Facts) {
  const found = meet(facts, "heldInWindows");
  if (found.kind === "met") {
    const { gets, windows, evidence } = found.value;
    const silent: Silence = { gets, because: windows.reason, evidence };
    return met(silent);
  }
  const proxy = meet(facts, "silentProxy");
  if (proxy.kind !== "met") return found;
  const { proxy: asked, working } = proxy.value;
  const { server } = asked;
  // Time exceeded comes of forwarding: it shows nothing of what is sent to Windows itself.
  const answered = facts.path.controls.find(
    ({ address, outcome }) => address === server && "from" in outcome && outcome.from === server,
  );
  if (answered !== undefined) return rejected(say("answersItself", { server }), [answered.id]);
  const silent: Silence = {
    gets: "no-names",
    because: `${working.server} ${working.reported}`,
    evidence: [...asked.evidence, ...working.evidence],
  };
  return met(silent);
}

/** How the switch shows: by WireGuard's route for everything, or by a product that is known to have one. */
export type SwitchSeen = "wireguard-default" | "product";

/** A VPN whose switch shows, or any that is up while a filter is seen to drop. */
function seenSwitch(path: Path, snapshot: HostSnapshot, isCounted: boolean) {
  const vpns = vpnAdapters(snapshot, guestView(path));
  const found = vpns.map((vpn) => switchOfVpn(vpn, snapshot)).find((one) => one !== null);
  if (found !== undefined) return met(found);
  const [vpn] = vpns;
  if (vpn === undefined) return rejected(say("noVpn"), hostEvidence(path));
  return isCounted
    ? met({ adapter: vpn.name, by: null })
    : rejected(say("noSwitch"), hostEvidence(path));
}

/**
 * WireGuard for Windows blocks what is outside the tunnel where AllowedIPs has a /0, and not where it has two halves
 * (wireguard-windows, docs/netquirk.md). The others have a switch of their own, which nothing shows.
 */
function switchOfVpn(vpn: HostAdapter, snapshot: HostSnapshot) {
  const words = vpn.description ?? vpn.name;
  if (isSwitchingVpn(words)) return { adapter: vpn.name, by: "product" as const };
  if (!/wireguard/i.test(words)) return null;
  const isWhole = usableRoutes(snapshot).some(
    ({ adapter, prefix }) => prefix.length === 0 && sameAdapter(adapter, vpn),
  );
  return isWhole ? { adapter: vpn.name, by: "wireguard-default" as const } : null;
}

/** WireGuard's rules keep the distro from Windows itself; that is what is silent then. */
function gradeOf(by: SwitchSeen | null, held: Silence, dropped: readonly HostDrop[]): Grade {
  const fits = by === "wireguard-default" && held.gets !== "not-forwarded";
  return dropped.length > 0 || fits ? "inferred" : "candidate";
}

/** A client that names itself in its filter; by an adapter's name alone nothing is shown. */
function isOfVpn(words: string): boolean {
  return isSwitchingVpn(words) || /wireguard/i.test(words);
}
