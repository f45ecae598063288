// The estimate of a direction that nothing measured.

import type { PmtuEstimate } from "./verdict.ts";

/** Nothing is known of a direction, and why. */
export function unknownPmtu(reason: string): PmtuEstimate {
  return {
    bytes: null,
    exact: false,
    atLeast: null,
    below: null,
    basis: "unknown",
    silent: false,
    reason,
  };
}
