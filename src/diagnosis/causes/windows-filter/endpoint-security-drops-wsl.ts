// A security product of Windows has a filter where the distro's packets pass, and they end inside Windows.

import { crossedAdapters } from "../../../facts/reach/held-in-windows.ts";
import { formatHostDrop, type HostDrop, hostDrops } from "../../../facts/reach/host-counters.ts";
import { hostEvidence } from "../../../facts/reach/path-host.ts";
import { readHost } from "../../../host/host.ts";
import { rowsOf, whyUnread } from "../../../host/sources.ts";
import type { Path } from "../../../model/path.ts";
import { cause } from "../../cause.ts";
import { aged } from "../../confidence.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";
import { BEFORE_THE_HOST } from "../groups.ts";
import { COUNT_DROPS } from "./tell.ts";

export const endpointSecurityDropsWsl = cause({
  id: "endpoint-security-drops-wsl",
  area: "windows-filter",
  title: "A security product of Windows drops what the distro sends",
  segment: "windows-stack",
  severity: "fault",
  direction: null,
  dependsOn: [
    ...BEFORE_THE_HOST,
    "hyperv-firewall-blocks-outbound",
    "vpn-tunnel-dead",
    "windows-firewall-blocks-guest-to-host",
  ],
  differentialCauses: [
    "vpn-killswitch-wfp",
    "host-forwarding-blocked",
    "vfp-or-switch-extension-drop",
  ],
  needs: ["heldInWindows", "snapshot"],
  judge: ({ path }, { snapshot, heldInWindows }) => {
    const dropped = ownDrops(path);
    const source = readHost(snapshot).adapterBindings;
    const unread = whyUnread(source);
    if (dropped === undefined && unread !== null) {
      return notChecked(say("unread", { reason: unread }));
    }
    const crossed = crossedAdapters(path);
    const bound = rowsOf(source).find(
      ({ adapter, enabled, title, component }) =>
        enabled !== false && crossed.has(adapter) && productOf(`${title} ${component}`) !== null,
    );
    if (dropped === undefined && bound === undefined) {
      return rejected(say("noneBound"), hostEvidence(path));
    }
    const product = dropped?.product ?? productOf(`${bound?.title} ${bound?.component}`) ?? "";
    const counted = path.hostCounters === null ? [] : [path.hostCounters.id];
    return fires({
      confidence: aged(path, dropped === undefined ? "candidate" : "measured"),
      segment: "windows-stack",
      between: null,
      direction: null,
      summary: say("found", {
        product,
        filter: bound === undefined ? null : { title: bound.title, adapter: bound.adapter },
        gets: heldInWindows.gets,
        windows: heldInWindows.windows.reason,
        drop: dropped === undefined ? null : formatHostDrop(dropped.drop),
      }),
      evidence: [
        ...hostEvidence(path),
        ...heldInWindows.evidence,
        ...(dropped === undefined ? [] : counted),
      ],
      fixes: dropped === undefined ? [COUNT_DROPS] : [],
    });
  },
});

/** What products call themselves, and their filters, as Get-NetAdapterBinding shows both. */
const PRODUCTS: readonly (readonly [RegExp, string])[] = [
  [/kaspersky|\bklim\d/i, "Kaspersky"],
  [/\bavast|\basw(net|ndis)/i, "Avast"],
  [/\bavg(net|ndis|\b)/i, "AVG"],
  [/symantec|teefer|\bsep\b|\bnorton/i, "Symantec"],
  [/mcafee|trellix|\bmfe/i, "Trellix (McAfee)"],
  [/forcepoint|websense/i, "Forcepoint"],
  [/\beset\b|epfw/i, "ESET"],
  [/bitdefender|\bbdndis/i, "Bitdefender"],
  [/trend ?micro|\btm(lwf|wfp)/i, "Trend Micro"],
  [/sophos/i, "Sophos"],
  [/f-?secure|withsecure/i, "WithSecure"],
  [/zonealarm|vsdatant/i, "ZoneAlarm"],
  [/sentinelone|crowdstrike|cortex|carbon ?black|cylance/i, "an endpoint agent"],
  [/comodo|\binspect\b.*firewall|g ?data|netlimiter|simplewall|tinywall|glasswire/i, "a firewall"],
];

function productOf(words: string): string | null {
  return PRODUCTS.find(([pattern]) => pattern.test(words))?.[1] ?? null;
}

/** A component of a product that pktmon saw dropping. */
function ownDrops(path: Path): { readonly product: string; readonly drop: HostDrop } | undefined {
  const named = hostDrops(path).map((drop) => ({ product: productOf(drop.component), drop }));
  for (const { product, drop } of named) if (product !== null) return { product, drop };
  return undefined;
}
