// What the hops quote of our probes, said where it was first seen.

import { type SeenRewrite, seenRewrites } from "../../facts/reach/original-datagrams.ts";
import type { Segment } from "../../schema/verdict.ts";
import type { Facts } from "../rule.ts";

/** The chain with a sentence at each hop whose quote is the first to show a field rewritten. */
export function withOriginalDatagrams(
  { path }: Facts,
  chain: readonly Segment[],
): readonly Segment[] {
  const seen = seenRewrites(path);
  return chain.map((segment) => {
    const here = seen.filter(({ ttl }) => ttl === segment.ttl);
    if (here.length === 0) return segment;
    const words = here.map(formatRewrite);
    const reported = segment.reason === null ? words : [segment.reason, ...words];
    const evidence = here.flatMap((one) => one.evidence);
    return {
      ...segment,
      reason: reported.join("; "),
      evidence: [...new Set([...segment.evidence, ...evidence])],
    };
  });
}

function formatRewrite(seen: SeenRewrite): string {
  const { field, sent, quoted: original } = seen;
  const where = formatLocation(seen);
  switch (field) {
    case "source":
      return `quotes our probe with source ${original} in the place of ${sent}: a NAT ${where}`;
    case "source-port":
      return `quotes our probe with source port ${original} in the place of ${sent}: a NAT ${where}`;
    case "destination":
      return `quotes our probe with destination ${original} in the place of ${sent}: redirected ${where}`;
    case "destination-port":
      return `quotes our probe with destination port ${original} in the place of ${sent}: redirected ${where}`;
    case "traffic-class":
      return `quotes our probe with traffic class ${original} in the place of ${sent}: marked ${where}`;
    case "dont-fragment":
      return `quotes our probe without DF, which was taken away ${where}`;
    case "mss":
      return `quotes our SYN with MSS ${original} in the place of ${sent}: clamped ${where}`;
  }
}

/** "between hop 1 and hop 2": either of the two may have done it. */
function formatLocation({ after, ttl }: SeenRewrite): string {
  return `between ${after === 0 ? "this machine" : `hop ${after}`} and hop ${ttl}`;
}
