// Rewrites seen in the original datagrams of ICMP errors, at the first hop that shows them.

import type { Facts } from "../../facts/facts.ts";
import { type SeenRewrite, seenRewrites } from "../../facts/reach/original-datagrams.ts";
import type { Segment } from "../../schema/verdict.ts";

/** The chain with a sentence at each hop whose original datagram is the first to show a field rewritten. */
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
      return `returns our probe with source ${original} instead of ${sent}: a NAT ${where}`;
    case "source-port":
      return `returns our probe with source port ${original} instead of ${sent}: a NAT ${where}`;
    case "destination":
      return `returns our probe with destination ${original} instead of ${sent}: redirected ${where}`;
    case "destination-port":
      return `returns our probe with destination port ${original} instead of ${sent}: redirected ${where}`;
    case "traffic-class":
      return `returns our probe with traffic class ${original} instead of ${sent}: marked ${where}`;
    case "dont-fragment":
      return `returns our probe without DF, which was cleared ${where}`;
    case "mss":
      return `returns our SYN with MSS ${original} instead of ${sent}: clamped ${where}`;
  }
}

/** "between hop 1 and hop 2": either of the two may have done it. */
function formatLocation({ after, ttl }: SeenRewrite): string {
  return `between ${after === 0 ? "this machine" : `hop ${after}`} and hop ${ttl}`;
}
