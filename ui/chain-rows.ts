// Turns a diagnosis into the rows of the chain drawing: zones, segments, folded hops, and where packets vanish.

import { endsHere, oversize } from "../src/report/words/finding.ts";
import type { Diagnosis, Finding, Segment, SegmentKind } from "../src/schema/verdict.ts";

/** `id` is unique among the rows of one drawing. */
export type ChainRow = { readonly id: string; readonly cuts: Cuts } & (
  | { readonly kind: "zone"; readonly title: string }
  | {
      readonly kind: "segment";
      readonly segment: Segment;
      /** How many segments like it are folded into the row. */
      readonly folded: number;
    }
  | {
      readonly kind: "mark";
      readonly direction: "inbound" | "outbound";
      readonly text: string;
      /** The far end of the range in which packets vanish; null where the place is known. */
      readonly until: SegmentKind | null;
      /** Some are lost, and most arrive. */
      readonly isLossy: boolean;
    }
);

/** Lanes that carry only small packets here, because a black hole lies before this row. */
interface Cuts {
  readonly outbound: boolean;
  readonly inbound: boolean;
}

type Chain = Diagnosis["chain"];

/** Rows from the guest outward; more than `limit` of them are folded as far as they are alike. */
export function chainRows(diagnosis: Diagnosis, limit: number): ChainRow[] {
  const gentle = rowsOf(diagnosis, (segment) => segment.kind === "internet-hop");
  if (gentle.length <= limit) {
    return gentle;
  }
  const folded = rowsOf(diagnosis, () => true);
  return folded.length <= limit ? folded : withoutZones(folded);
}

/** One frame title instead of three. */
function withoutZones(rows: readonly ChainRow[]): ChainRow[] {
  return rows.flatMap((row, index) => {
    if (row.kind !== "zone") {
      return row;
    }
    return index === 0 ? { ...row, title: "outward from here" } : [];
  });
}

// Fewer than this are shown as they are: folding two hops saves nothing and hides both.
const FOLD_FROM = 3;

const ZONES: Readonly<Record<SegmentKind, string>> = {
  resolver: "Linux",
  "linux-stack": "Linux",
  "linux-nic": "Linux",
  vswitch: "Windows host",
  "windows-stack": "Windows host",
  nat: "Windows host",
  "vpn-adapter": "Windows host",
  "physical-nic": "Windows host",
  "lan-gateway": "network",
  "vpn-gateway": "network",
  "internet-hop": "network",
  destination: "network",
};

function rowsOf(diagnosis: Diagnosis, mayFold: (segment: Segment) => boolean): ChainRow[] {
  const { chain } = diagnosis;
  const marks = [...holeMarks(diagnosis), ...intervalMarks(diagnosis)];
  // Outbound packets are cut behind their mark, responses before theirs; halves lie between segments.
  const cutting = marks.filter(({ isLossy }) => !isLossy);
  const cutsAt = (index: number): Cuts => ({
    outbound: cutting.some((mark) => mark.direction === "outbound" && index > mark.after),
    inbound: cutting.some((mark) => mark.direction === "inbound" && index < mark.cutsBefore),
  });
  return groups(chain, mayFold, new Set(marks.map(({ after }) => after))).flatMap(
    ({ segment, first, last }): ChainRow[] => [
      ...zoneRow(chain, first, cutsAt(first - 0.5)),
      {
        kind: "segment",
        id: `segment-${first}`,
        segment,
        folded: last - first,
        cuts: cutsAt(first),
      },
      ...marks
        .filter(({ after }) => after === last)
        .map(({ direction, text, until, isLossy }) => ({
          kind: "mark" as const,
          id: `mark-${last}-${text}`,
          direction,
          text,
          until,
          isLossy,
          cuts: cutsAt(last + 0.5),
        })),
    ],
  );
}

function zoneRow(chain: Chain, index: number, cuts: Cuts): ChainRow[] {
  const title = zoneOf(chain[index]);
  const begins = title !== null && title !== zoneOf(chain[index - 1]);
  return begins ? [{ kind: "zone", id: `zone-${index}`, title, cuts }] : [];
}

function zoneOf(segment: Segment | undefined): string | null {
  return segment === undefined ? null : ZONES[segment.kind];
}

interface Group {
  readonly segment: Segment;
  readonly first: number;
  readonly last: number;
}

/** Runs of neighbours in one zone with the same statuses, where they may be folded. */
function groups(
  chain: Chain,
  mayFold: (segment: Segment) => boolean,
  marked: ReadonlySet<number>,
): Group[] {
  const found: Group[] = [];
  for (let first = 0; first < chain.length; ) {
    const last = runEnd(chain, first, mayFold, marked);
    const fold = last - first + 1 >= FOLD_FROM;
    for (const [offset, segment] of chain.slice(first, last + 1).entries()) {
      if (!fold) {
        found.push({ segment, first: first + offset, last: first + offset });
      } else if (offset === 0) {
        found.push({ segment, first, last });
      }
    }
    first = last + 1;
  }
  return found;
}

function runEnd(
  chain: Chain,
  first: number,
  mayFold: (segment: Segment) => boolean,
  marked: ReadonlySet<number>,
): number {
  const start = chain[first];
  let last = first;
  for (let next = first + 1; start !== undefined && next < chain.length; next += 1) {
    const segment = chain[next];
    if (segment === undefined || marked.has(last) || marked.has(next) || !mayFold(start)) {
      break;
    }
    if (!alike(start, segment) || !mayFold(segment)) {
      break;
    }
    last = next;
  }
  return last;
}

function alike(one: Segment, other: Segment): boolean {
  return (
    ZONES[one.kind] === ZONES[other.kind] &&
    one.outbound === other.outbound &&
    one.inbound === other.inbound &&
    other.kind !== "destination"
  );
}

interface Mark {
  /** Index of the segment under which it is drawn. */
  readonly after: number;
  /** Segments nearer to the guest than this get no big response. */
  readonly cutsBefore: number;
  readonly direction: "inbound" | "outbound";
  readonly text: string;
  readonly until: SegmentKind | null;
  readonly isLossy: boolean;
}

function holeMarks({ chain, pmtu }: Diagnosis): Mark[] {
  return chain.flatMap((segment, index) => {
    const at = { after: index, cutsBefore: index, until: null, isLossy: false };
    const outbound = endsHere(segment.outbound, "packets", oversize(pmtu.outbound));
    const inbound = endsHere(segment.inbound, "responses", oversize(pmtu.inbound));
    return [
      ...(outbound === null ? [] : [{ ...at, direction: "outbound" as const, text: outbound }]),
      ...(inbound === null ? [] : [{ ...at, direction: "inbound" as const, text: inbound }]),
    ];
  });
}

/** Marks for findings that the evidence only locates between two segments. */
function intervalMarks({ chain, findings, pmtu }: Diagnosis): Mark[] {
  return findings.filter(isInterval).map(({ between: [near, far], direction }) => {
    const inward = direction === "inbound";
    const limit = inward ? pmtu.inbound : pmtu.outbound;
    const size = limit.silent ? ` ${oversize(limit)}` : "";
    const after = chain.findLastIndex(({ kind }) => kind === near);
    const beyond = chain[after + 1];
    // Most of them arrive: nothing is cut off behind it.
    const isLossy = (inward ? beyond?.inbound : beyond?.outbound) === "lossy";
    const what = `${inward ? "responses" : "packets"}${size}`;
    const place = `between ${near} and ${far}`;
    return {
      after,
      // The mark itself and what follows it still see everything.
      cutsBefore: after + 0.5,
      direction: inward ? "inbound" : "outbound",
      until: far,
      isLossy,
      text: isLossy ? `some ${what} are lost ${place}` : `${what} vanish ${place}`,
    };
  });
}

function isInterval(
  finding: Finding,
): finding is Finding & { between: NonNullable<Finding["between"]> } {
  return finding.segment === null && finding.between !== null && finding.severity !== "note";
}
