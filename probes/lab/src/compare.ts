// How a report differs from what a scenario expects: as root with all evidence, and as a user with the least.

import type { Report } from "../../../src/schema/report.ts";
import type { Finding, SegmentKind, Verdict } from "../../../src/schema/verdict.ts";
import type { Expected, Scenario } from "./scenarios/scenario.ts";

/** What of a verdict can be wrong; "blame" is a fault or warning for something that is not there. */
export type Aspect = "verdict" | "cause" | "segment" | "direction" | "pmtu" | "blame";

export interface Difference {
  readonly aspect: Aspect;
  /** In words. */
  readonly text: string;
}

export type Wanted = Pick<Scenario, "expected" | "negativeFor">;
export type Seen = Pick<Report, "verdict" | "findings" | "pmtu">;

/** With root, kernel events and the host's snapshot: exactly what is expected. */
export function differences(
  { expected, negativeFor }: Wanted,
  report: Seen,
): readonly Difference[] {
  const [first] = blaming(report);
  const listed = new Set(report.findings.map(({ cause }) => cause));
  return [
    ...(verdictsOf(expected).includes(report.verdict)
      ? []
      : [wrong("verdict", "verdict", expected.verdict, report.verdict)]),
    ...differs("cause", "cause", expected.cause, first?.cause ?? null),
    ...[...expected.alsoCauses, ...(expected.notes ?? [])]
      .filter((cause) => !listed.has(cause))
      .map((cause) => ({ aspect: "cause" as const, text: `${cause} is not listed` })),
    ...(first === undefined || expected.cause === null
      ? []
      : locationDiffers(expected, expected.orOpen ? withSegment(expected, first) : first)),
    ...pmtuDiffers(expected, report),
    ...blamed(report, new Set(known(expected))),
    ...looksLike(report, negativeFor),
  ];
}

/**
 * With an ordinary user's evidence and no snapshot a verdict may be wider, and never wrong:
 * 1. nobody is blamed for what a healthy network does, and no fault becomes "healthy";
 * 2. a consequence of the cause (dependsOn) may come in its place, however far down;
 * 3. "inconclusive", no location and no direction are always allowed.
 * @param widerCauses those behind which a cause would have been hidden
 */
export function userDifferences(
  { expected, negativeFor }: Wanted,
  report: Seen,
  widerCauses: (cause: string) => readonly string[],
): readonly Difference[] {
  const [first] = blaming(report);
  const { asUser = {} } = expected;
  const causes = [...known(expected), ...(asUser.causes ?? [])];
  const allowed = new Set(causes.flatMap((cause) => [cause, ...widerCauses(cause)]));
  const verdicts = [...verdictsOf(expected), "inconclusive", ...(asUser.verdicts ?? [])];
  return [
    ...(verdicts.includes(report.verdict)
      ? []
      : [wrong("verdict", "verdict", expected.verdict, report.verdict)]),
    ...(first?.cause === expected.cause && first !== undefined
      ? locationDiffers(expected, { ...first, ...orOpen(expected, first) })
      : []),
    ...blamed(report, allowed),
    ...looksLike(
      report,
      negativeFor.filter((cause) => !allowed.has(cause)),
    ),
  ];
}

/** What may be blamed. */
function known({ cause, alsoCauses, mayAlso = [] }: Expected): readonly string[] {
  return [...(cause === null ? [] : [cause]), ...alsoCauses, ...mayAlso];
}

function withSegment(expected: Expected, { segment, direction }: Finding) {
  return { segment: segment ?? expected.segment, direction };
}

function verdictsOf({ verdict, orVerdicts = [] }: Expected): readonly Verdict[] {
  return [verdict, ...orVerdicts];
}

function blaming({ findings }: Seen): readonly Finding[] {
  return findings.filter(({ severity }) => severity !== "note");
}

/** Without a snapshot nobody knows of Windows: it is the first router, and all behind it is the internet. */
const SEEN_WITHOUT_WINDOWS: Partial<Record<SegmentKind, SegmentKind>> = {
  vswitch: "lan-gateway",
  "windows-stack": "lan-gateway",
  nat: "lan-gateway",
  "lan-gateway": "internet-hop",
  "vpn-gateway": "internet-hop",
};

/** What was left open is taken as it should be, and Windows and what is behind it may be taken for one another. */
function orOpen(expected: Expected, { segment, direction }: Finding) {
  const open =
    segment === null ||
    expected.segment === null ||
    SEEN_WITHOUT_WINDOWS[expected.segment] === segment;
  return {
    segment: open ? expected.segment : segment,
    direction: direction ?? expected.direction,
  };
}

function locationDiffers(
  expected: Expected,
  first: Pick<Finding, "segment" | "direction">,
): readonly Difference[] {
  return [
    ...differs("segment", "segment", expected.segment, first.segment),
    ...differs("direction", "direction", expected.direction, first.direction),
  ];
}

function pmtuDiffers(expected: Expected, { pmtu }: Seen): readonly Difference[] {
  const { inboundPmtu, outboundPmtu = null } = expected;
  return [
    ...(inboundPmtu === null
      ? []
      : differs("pmtu", "inbound PMTU", inboundPmtu, pmtu.inbound.bytes)),
    ...(outboundPmtu === null
      ? []
      : differs("pmtu", "outbound PMTU", outboundPmtu, pmtu.outbound.bytes)),
  ];
}

function blamed(report: Seen, allowed: ReadonlySet<string>): readonly Difference[] {
  return blaming(report)
    .filter(({ cause }) => !allowed.has(cause))
    .map(({ cause, severity }) => ({ aspect: "blame", text: `${cause} is a ${severity}` }));
}

function looksLike(report: Seen, negativeFor: readonly string[]): readonly Difference[] {
  return report.findings
    .filter(({ cause, severity }) => severity === "note" && negativeFor.includes(cause))
    .map(({ cause }) => ({ aspect: "blame", text: `${cause} only looks so` }));
}

type Value = string | number | null;

function differs(aspect: Aspect, what: string, wanted: Value, got: Value): readonly Difference[] {
  return wanted === got ? [] : [wrong(aspect, what, wanted, got)];
}

function wrong(aspect: Aspect, what: string, wanted: Value, got: Value): Difference {
  return { aspect, text: `${what} should be ${wanted ?? "none"} and is ${got ?? "none"}` };
}
