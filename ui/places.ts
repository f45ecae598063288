// The chain as places from left to right: what the picture draws, without where.

import type { Snapshot } from "../src/model/snapshot.ts";
import type { PmtuEstimate, Segment, SegmentKind, SegmentStatus } from "../src/schema/verdict.ts";
import { type ChainRow, chainRows } from "./chain-rows.ts";

/** What a direction is at a place, and on the link that leads from it outward. */
export interface Lane {
  readonly status: SegmentStatus;
  /** What alone gets here, because the direction stopped before; null: everything does. */
  readonly behind: "small packets" | "nothing" | null;
  /** The same of the link to the next place outward. */
  readonly link: "small packets" | "nothing" | "lost somewhere" | null;
}

export interface Place {
  readonly zone: string;
  readonly label: string;
  /** Its address, where it is not its name. */
  readonly address: string | null;
  readonly mtu: number | null;
  readonly inferred: boolean;
  readonly outbound: Lane;
  readonly inbound: Lane;
  /** What is said of the place where a direction stops. */
  readonly marks: readonly Mark[];
}

export type Mark = Extract<ChainRow, { kind: "mark" }>;

/** @param tight folds whatever is alike, not only routers of the internet */
export function placesOf(snapshot: Snapshot, tight: boolean): readonly Place[] {
  const { chain, pmtu } = snapshot.diagnosis;
  // Names are no packets' path: the resolver has a line of its own.
  const path = chain.filter(({ kind }) => kind !== "resolver");
  const rows = chainRows({ ...snapshot.diagnosis, chain: path }, tight ? 0 : Infinity);
  const segments = rows.filter((row) => row.kind === "segment");
  const marks = rows
    .filter((row) => row.kind === "mark")
    .map((mark) => ({ mark, at: segmentBefore(rows, mark) }));
  const cutsOf = (direction: Mark["direction"]): readonly Cut[] =>
    marks
      .filter(({ mark }) => mark.direction === direction)
      .map(({ mark, at }) => ({
        at,
        far: segments.findIndex(({ segment }) => segment.kind === mark.until),
        leaves: mark.isLossy ? null : leftBy(segments[at]?.segment[direction], pmtu[direction]),
      }));
  const outCuts = cutsOf("outbound");
  const inCuts = cutsOf("inbound");
  return segments.map(({ segment, folded }, index): Place => {
    const label = labelOf(segment, folded, snapshot);
    return {
      zone: zoneOf(segment, path, snapshot),
      label,
      address: folded > 0 || segment.address === label ? null : segment.address,
      mtu: folded > 0 ? null : segment.mtu,
      inferred: segment.inferred,
      outbound: outboundLane(index, segment.outbound, outCuts),
      inbound: inboundLane(index, segment.inbound, inCuts),
      marks: marks.filter(({ at }) => at === index).map(({ mark }) => mark),
    };
  });
}

/** Where a direction stops: at a place, or somewhere between two. */
interface Cut {
  readonly at: number;
  /** -1 where the place is known. */
  readonly far: number;
  readonly leaves: Lane["behind"];
}

/** Where all sizes end nothing is left; a limit leaves the small ones. */
function leftBy(status: SegmentStatus | undefined, { silent }: PmtuEstimate): Lane["behind"] {
  return status === "blackhole" || (status !== "broken" && silent) ? "small packets" : "nothing";
}

function outboundLane(index: number, status: SegmentStatus, cuts: readonly Cut[]): Lane {
  const behind = cuts.find(({ at, far }) => index > at && index >= far);
  const link = cuts.find(({ at, far }) => index >= at && index >= far);
  return { status, behind: behind?.leaves ?? null, link: linkOf(index, link, cuts) };
}

function inboundLane(index: number, status: SegmentStatus, cuts: readonly Cut[]): Lane {
  const behind = cuts.find(({ at, far }) => index < at || (index === at && far >= 0));
  const link = cuts.find(({ at }) => index < at);
  return { status, behind: behind?.leaves ?? null, link: linkOf(index, link, cuts) };
}

function linkOf(index: number, behind: Cut | undefined, cuts: readonly Cut[]): Lane["link"] {
  const lost = cuts.some(({ at, far }) => index >= at && index < far);
  return lost ? "lost somewhere" : (behind?.leaves ?? null);
}

function segmentBefore(rows: readonly ChainRow[], mark: Mark): number {
  const before = rows.slice(0, rows.indexOf(mark));
  return before.filter(({ kind }) => kind === "segment").length - 1;
}

/** A VPN of the distro's own stands before Windows, or where there is none. */
function zoneOf(segment: Segment, path: readonly Segment[], { vantage }: Snapshot): string {
  const home = vantage === null || vantage.kind === "linux" ? "Linux" : "WSL";
  const before = path.slice(0, path.indexOf(segment));
  const isBehindWindows = before.some(({ kind }) => ZONES[kind] === WINDOWS);
  const isOwn = segment.kind === "vpn-adapter" && !isBehindWindows;
  return isOwn || ZONES[segment.kind] === HOME ? home : ZONES[segment.kind];
}

const HOME = "home";
const WINDOWS = "Windows host";

const ZONES: Readonly<Record<SegmentKind, string>> = {
  resolver: HOME,
  "linux-stack": HOME,
  "linux-nic": HOME,
  vswitch: WINDOWS,
  "windows-stack": WINDOWS,
  nat: WINDOWS,
  "vpn-adapter": WINDOWS,
  "physical-nic": WINDOWS,
  "lan-gateway": "LAN",
  "vpn-gateway": "tunnel",
  "internet-hop": "internet",
  destination: "internet",
};

const FOLDED: Partial<Readonly<Record<SegmentKind, string>>> = { "internet-hop": "hops" };

const LABELS: Partial<Readonly<Record<SegmentKind, string>>> = {
  "linux-stack": "Linux",
  "windows-stack": "Windows",
  nat: "NAT",
  "lan-gateway": "router",
  "vpn-gateway": "VPN gateway",
};

function labelOf({ kind, name, address }: Segment, folded: number, { target }: Snapshot): string {
  if (folded > 0) return `${folded + 1} ${FOLDED[kind] ?? "places"}`;
  if (kind === "destination") return target.host;
  const label = LABELS[kind];
  if (label !== undefined) return label;
  return name === "" || name === kind ? (address ?? kind) : name;
}
