// How a trace tells which sizes pass and which do not, in English.

import type { PmtuEstimate } from "../../schema/verdict.ts";

interface Sizes {
  readonly outbound: boolean;
  readonly estimate: PmtuEstimate;
  /** Seen to pass in full size; null where there is a silent limit. */
  readonly largest: number | null;
}

export function formatSizeLimit({ estimate, largest }: Sizes): string {
  const { atLeast, below, silent, basis } = estimate;
  if (silent && below !== null) {
    return `${atLeast ?? "small"} bytes pass, and of ${below} bytes and more nothing came`;
  }
  if (basis === "icmp" && below !== null) {
    return `${atLeast ?? "small"} bytes pass, and ${below} bytes are answered with the size that does`;
  }
  return `${largest ?? atLeast ?? "small"} bytes passed`;
}
