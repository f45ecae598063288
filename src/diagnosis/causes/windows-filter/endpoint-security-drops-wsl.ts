// A security product of Windows has a filter where the distro's packets pass, and they end inside Windows.

import { crossedAdapters, filterThatDropped } from "../../../facts/reach/held-in-windows.ts";
import { formatHostDrop, hostDrops } from "../../../facts/reach/host-counters.ts";
import { hostEvidence } from "../../../facts/reach/path-host.ts";
import { readHost } from "../../../host/host.ts";
import { rowsOf, whyUnread } from "../../../host/sources.ts";
import type { Path } from "../../../model/path.ts";
import { cause } from "../../cause.ts";
import { aged } from "../../confidence.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";
import { BEFORE_THE_HOST } from "../groups.ts";
import { securityProduct } from "./products.ts";
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
    const other = filterThatDropped(path);
    if (dropped === undefined && other !== null) {
      return rejected(say("otherFilter", { filter: other.name }), hostEvidence(path));
    }
    const source = readHost(snapshot).adapterBindings;
    const unread = whyUnread(source);
    if (dropped === undefined && unread !== null) {
      return notChecked(say("unread", { reason: unread }));
    }
    const crossed = crossedAdapters(path);
    const bound = rowsOf(source).find(
      ({ adapter, enabled, title, component }) =>
        enabled !== false &&
        crossed.has(adapter) &&
        securityProduct(`${title} ${component}`) !== null,
    );
    if (dropped === undefined && bound === undefined) {
      return rejected(say("noneBound"), hostEvidence(path));
    }
    const product =
      dropped?.product ?? securityProduct(`${bound?.title} ${bound?.component}`) ?? "";
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
        drop: dropped === undefined ? null : dropped.shown,
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

interface ByProduct {
  readonly product: string;
  /** As it is said. */
  readonly shown: string;
}

/** A filter of Windows' platform that bears a product's name, or a component of one that pktmon saw dropping. */
function ownDrops(path: Path): ByProduct | undefined {
  const filter = filterThatDropped(path);
  const named = [
    ...(filter === null
      ? []
      : [{ words: filter.words, shown: `a drop by the filter ${filter.name}` }]),
    ...hostDrops(path).map((drop) => ({ words: drop.component, shown: formatHostDrop(drop) })),
  ];
  for (const { words, shown } of named) {
    const product = securityProduct(words);
    if (product !== null) return { product, shown };
  }
  return undefined;
}
