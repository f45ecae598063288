// The PMTU of one direction as text, and how well it is known.

import { betweenBytes } from "../facts/reasons.ts";
import type { PmtuEstimate } from "../schema/verdict.ts";

/** "1400 bytes, exact, silent: bigger packets vanish; measured with TCP segments". */
export function formatPmtu(estimate: PmtuEstimate): string {
  const size = formatSize(estimate);
  const reason = estimate.reason === null ? "" : ` (${estimate.reason})`;
  if (size === null) {
    return estimate.reason === null ? "unknown" : `unknown, because ${estimate.reason}`;
  }
  return `${size}${formatLimit(estimate)}${BASIS_WORDS[estimate.basis]}${reason}`;
}

const BASIS_WORDS = {
  icmp: "; measured with ICMP answers",
  silence: "; measured by what stays unanswered",
  tcp: "; measured with TCP segments",
  cache: "; read from the kernel's PMTU cache",
  unknown: "",
} as const satisfies Record<PmtuEstimate["basis"], string>;

function formatSize({ bytes, exact, atLeast, below }: PmtuEstimate): string | null {
  if (exact && bytes !== null) {
    return `${bytes} bytes, exact`;
  }
  const passed = bytes ?? atLeast;
  if (passed !== null && below !== null) {
    return betweenBytes(passed, below - 1);
  }
  if (passed !== null) {
    return `at least ${passed} bytes, no limit in sight`;
  }
  return below === null ? null : `below ${below} bytes`;
}

function formatLimit({ exact, below, silent }: PmtuEstimate): string {
  if (silent) {
    return ", silent: bigger packets vanish";
  }
  return exact || below !== null ? ", bigger packets are answered by an ICMP error" : "";
}
