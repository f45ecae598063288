// What differs on the path: the routers that answered, hop by hop, and what stands on Windows' side of it.

import { type Segment, type SegmentKind, segmentKind } from "../../schema/verdict.ts";
import { type Change, type Differences, NONE, type Unclear } from "./change.ts";
import type { Side } from "./side.ts";

export function chainDifferences(before: Side, after: Side): Differences {
  const [was, is] = [before.report.chain, after.report.chain];
  const hops = hopChanges(was, is);
  if (isWindowsKnown(before) !== isWindowsKnown(after)) {
    return { changes: hops, unclear: [windowsOfOne(before, after)] };
  }
  const places = isWindowsKnown(before) ? placeChanges(was, is) : [];
  return { ...NONE, changes: [...modeChange(before, after), ...hops, ...places] };
}

function isWindowsKnown({ host }: Side): boolean {
  return host !== null;
}

/** One line for all of it. WSL's mode shows in Windows' settings, too. */
function windowsOfOne(before: Side, after: Side): Unclear {
  const one = isWindowsKnown(before) ? before : after;
  const places = segmentKind.options.flatMap((kind) => {
    const place = OF_WINDOWS.has(kind) ? placeOf(one.report.chain, kind) : null;
    return place === null ? [] : [place];
  });
  const text = [modeOf(one.report.vantage), ...places].join("; ");
  const isBefore = one === before;
  return {
    ...chainChange("Windows", isBefore ? text : null, isBefore ? null : text),
    because: `nothing was known of Windows in the run ${isBefore ? "after" : "before"}`,
  };
}

/** A silent hop is no other one: what was not seen has not changed. */
function hopChanges(before: readonly Segment[], after: readonly Segment[]): readonly Change[] {
  const [was, is] = [hopsOf(before), hopsOf(after)];
  const ttls = [...was.keys()].filter((ttl) => is.has(ttl)).sort((a, b) => a - b);
  return ttls.flatMap((ttl) => {
    const [one, other] = [was.get(ttl), is.get(ttl)];
    if (one === undefined || other === undefined) return [];
    // Routers that balance by flow show another of them to another source port.
    if (addressesOf(one).some((address) => addressesOf(other).includes(address))) return [];
    return [chainChange(`hop ${ttl}`, one.address, other.address)];
  });
}

function hopsOf(chain: readonly Segment[]): ReadonlyMap<number, Segment> {
  return new Map(
    chain.flatMap((segment) => {
      const { ttl, address, inferred } = segment;
      return ttl === null || address === null || inferred ? [] : [[ttl, segment] as const];
    }),
  );
}

function addressesOf({ address, branches }: Segment): readonly (string | null)[] {
  return [address, ...branches.map((branch) => branch.address)];
}

function modeChange({ report: before }: Side, { report: after }: Side): readonly Change[] {
  const [was, is] = [modeOf(before.vantage), modeOf(after.vantage)];
  return was === is ? [] : [chainChange("WSL", was, is)];
}

function modeOf({ kind, networkingMode }: Side["report"]["vantage"]): string {
  return networkingMode === null ? kind : `${kind}, ${networkingMode}`;
}

// The distro's own, and the routers, are compared by name and by hop.
const OF_WINDOWS: ReadonlySet<SegmentKind> = new Set([
  "vswitch",
  "nat",
  "vpn-adapter",
  "physical-nic",
  "vpn-gateway",
]);

function placeChanges(before: readonly Segment[], after: readonly Segment[]): readonly Change[] {
  return segmentKind.options.flatMap((kind) => {
    if (!OF_WINDOWS.has(kind)) return [];
    const [was, is] = [placeOf(before, kind), placeOf(after, kind)];
    return was === is ? [] : [chainChange(kind, was, is)];
  });
}

/** A network card that a VPN's packets leave by is there with and without the VPN. */
function placeOf(chain: readonly Segment[], kind: SegmentKind): string | null {
  const places = chain.filter((segment) => segment.kind === kind);
  if (places.length === 0) return null;
  return places
    .map(({ name, address }) =>
      address === null || address === name ? name : `${name} ${address}`,
    )
    .join(", ");
}

function chainChange(what: string, before: string | null, after: string | null): Change {
  return { area: "chain", what, before, after };
}
