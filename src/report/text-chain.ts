// Draws the chain as plain text: one segment a line, both directions, and where packets disappear.

import stringWidth from "string-width";
import type { Report } from "../schema/report.ts";
import type { Direction, Finding, Segment, SegmentStatus } from "../schema/verdict.ts";
import { hanging, padded, wrapped } from "./text-layout.ts";
import { endsHere, NO_REASON, oversize } from "./words/finding.ts";
import { worstOf } from "./worst-status.ts";

type Pmtu = Report["pmtu"];

export interface ChainFacts {
  readonly chain: readonly Segment[];
  readonly findings: readonly Finding[];
  readonly pmtu: Pmtu;
}

/** The chain from the guest outward; under a segment, what vanishes there and why it is unknown. */
export function chainLines(facts: ChainFacts): string[] {
  const { chain, pmtu } = facts;
  if (chain.length === 0) {
    return ["  nothing of it could be read"];
  }
  const intervals = intervalMarks(facts);
  return chain.flatMap((segment, index) => [
    ...segmentLines(segment),
    ...segmentMarks(segment, pmtu),
    ...reasonLines(segment),
    ...branchLines(segment),
    ...intervals.filter((mark) => mark.after === index).flatMap((mark) => mark.lines),
  ]);
}

// "  + windows-stack " and "-> blackhole <- blackhole" leave this much for name, address and MTU.
const KIND_WIDTH = 14;
const STATUS_WIDTH = 9;
const DETAIL_WIDTH = 35;
const RTT_DECIMALS = 1;
const DETAIL_INDENT = " ".repeat(4 + KIND_WIDTH);

/** One sign for each status, so that a row shows its state without its text. */
const SYMBOLS = {
  ok: "+",
  limited: "=",
  blackhole: "X",
  lossy: "%",
  broken: "!",
  silent: ".",
  unknown: "?",
} as const satisfies Record<SegmentStatus, string>;

function segmentLines(segment: Segment): string[] {
  const { outbound, inbound } = segment;
  const [first = "", ...rest] = detailLines(segment);
  const head = `  ${SYMBOLS[worstOf(segment)]} ${padded(segment.kind, KIND_WIDTH)}`;
  const status = `-> ${padded(outbound, STATUS_WIDTH)} <- ${inbound}`;
  const fits = stringWidth(first) <= DETAIL_WIDTH;
  return [
    `${head}${padded(fits ? first : "", DETAIL_WIDTH)} ${status}`,
    ...(fits ? rest : [first, ...rest]).map((line) => DETAIL_INDENT + line),
  ];
}

function detailLines({ name, address, mtu, ttl, rttMs, inferred }: Segment): string[] {
  const parts = [
    name,
    // A hop without a name is called by its address: once is enough.
    address === name ? null : address,
    mtu === null ? null : `mtu ${mtu}`,
    ttl === null ? null : `ttl ${ttl}`,
    rttMs === null ? null : `${rttMs.toFixed(RTT_DECIMALS)} ms`,
    inferred ? "(inferred)" : null,
  ];
  return wrapped(parts.filter((part) => part !== null && part !== "").join(" "), DETAIL_WIDTH);
}

function reasonLines({ outbound, inbound, reason }: Segment): string[] {
  const status = [outbound, inbound].find((each) => each === "unknown" || each === "silent");
  if (reason === null) {
    return status === "unknown" ? [`${DETAIL_INDENT}unknown; ${NO_REASON}`] : [];
  }
  return hanging(DETAIL_INDENT, status === undefined ? reason : `${status}, because ${reason}`);
}

/** "also 192.0.2.9 (2 flows)": whom other flows met here. */
function branchLines({ address, branches }: Segment): string[] {
  return branches
    .filter((branch) => branch.address !== address)
    .flatMap(({ address: other, flows }) =>
      hanging(
        DETAIL_INDENT,
        `also ${other} (${flows.length} ${flows.length === 1 ? "flow" : "flows"})`,
      ),
    );
}

function segmentMarks({ outbound, inbound }: Segment, pmtu: Pmtu): string[] {
  return [
    ...statusMark(SIGNS.outbound, outbound, "packets", oversize(pmtu.outbound)),
    ...statusMark(SIGNS.inbound, inbound, "responses", oversize(pmtu.inbound)),
  ];
}

const SIGNS = {
  outbound: ">>> X >>>",
  inbound: "<<< X <<<",
  both: "<<< X >>>",
} as const satisfies Record<Direction, string>;

function statusMark(sign: string, status: SegmentStatus, what: string, size: string): string[] {
  const words =
    status === "lossy" ? `some ${what} are lost from here on` : endsHere(status, what, size);
  return words === null ? [] : markLines(sign, words);
}

function markLines(sign: string, words: string): string[] {
  return hanging(`    ${padded(sign, KIND_WIDTH)}`, words);
}

interface IntervalMark {
  /** Index of the segment under which it is drawn. */
  readonly after: number;
  readonly lines: readonly string[];
}

/** Marks for findings that the evidence only locates between two segments. */
function intervalMarks({ findings, chain, pmtu }: ChainFacts): IntervalMark[] {
  return findings.flatMap(({ between, segment, severity, direction }) => {
    if (segment !== null || between === null || severity === "note") {
      return [];
    }
    const [near, far] = between;
    const limit = direction === "inbound" ? pmtu.inbound : pmtu.outbound;
    const what = direction === "inbound" ? "responses" : "packets";
    const size = limit.silent && direction !== null ? ` ${oversize(limit)}` : "";
    return {
      // Several internet hops share a kind: the bracket opens at the last of them.
      after: chain.findLastIndex(({ kind }) => kind === near),
      lines: markLines(
        SIGNS[direction ?? "both"],
        `${what}${size} disappear between ${near} and ${far}`,
      ),
    };
  });
}
