// Drops that pktmon counted in Windows, each with the segment of the chain that its component belongs to.

import { type AdapterKind, hostAdapters } from "../../host/adapters.ts";
import { readHost } from "../../host/host.ts";
import { rowsOf } from "../../host/sources.ts";
import type { Path } from "../../model/path.ts";
import type { HostDropped } from "../../schema/events/host-probe.ts";
import type { SegmentKind } from "../../schema/verdict.ts";
import { perPath } from "../per-path.ts";
import { guestView } from "./path-host.ts";

export interface HostDrop extends HostDropped {
  readonly component: string;
  /** Null where its name shows nothing. */
  readonly segment: SegmentKind | null;
}

export const hostDrops = perPath("hostDrops", computeHostDrops);

function computeHostDrops(path: Path): readonly HostDrop[] {
  const { snapshot } = path.host ?? { snapshot: null };
  const saved = snapshot === null ? [] : rowsOf(readHost(snapshot).counted);
  const components = path.hostCounters?.components ?? saved;
  return components.flatMap(({ group, name, drops }) =>
    drops.map((drop) => ({
      ...drop,
      component: name === group ? name : `${name} of ${group}`,
      segment: segmentOf(path, group, name),
    })),
  );
}

const OF_ADAPTERS: Partial<Record<AdapterKind, SegmentKind>> = {
  vpn: "vpn-adapter",
  physical: "physical-nic",
  "wsl-switch": "vswitch",
};

/** Words of Windows' own drivers: vmswitch.sys, winnat.sys, tcpip.sys with WFP in it. */
const OF_WORDS: readonly (readonly [RegExp, SegmentKind])[] = [
  [/winnat|\bnat\b/i, "nat"],
  [/vmswitch|virtual switch|vswitch|\bvfp/i, "vswitch"],
  [/tcpip|\bwfp\b|windows filter/i, "windows-stack"],
];

/** A component stands in the group of its adapter, which bears the adapter's description. */
function segmentOf(path: Path, group: string, name: string): SegmentKind | null {
  const snapshot = path.host?.snapshot ?? null;
  const adapters = snapshot === null ? [] : hostAdapters(snapshot, guestView(path));
  const own = adapters.filter(
    (adapter) => isNamed(adapter, group) || isNamed(adapter, name) || adapter.name === name,
  );
  // Several adapters may share a description, as Hyper-V's do: then only their kind counts.
  const kinds = new Set(own.map(({ kind }) => OF_ADAPTERS[kind] ?? null));
  const [kind] = kinds;
  if (kinds.size === 1 && kind !== undefined) return kind;
  return OF_WORDS.find(([words]) => words.test(name) || words.test(group))?.[1] ?? null;
}

function isNamed(
  { name, description }: { readonly name: string; readonly description: string | null },
  text: string,
): boolean {
  return text === name || (description !== null && text === description);
}

/** "12 packets of about 1514 bytes sent, by tcpip.sys (MTU Mismatch)". */
export function formatHostDrop({
  packets,
  bytes,
  way: hostRoute,
  component,
  reason,
}: HostDrop): string {
  const size = bytes === 0 ? "" : ` of about ${Math.round(bytes / packets)} bytes`;
  const why = reason === null ? "" : ` (${reason})`;
  return `${packets} packets${size} ${hostRoute}, by ${component}${why}`;
}
