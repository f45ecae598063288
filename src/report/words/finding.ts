// What text and screen say alike of a finding and of the chain's marks.

import type { Finding, Fix, PmtuEstimate, SegmentStatus } from "../../schema/verdict.ts";
import { LASTS, lastingOf } from "./lasts.ts";

/** Where the commands of a fix are typed. */
export const SHELLS = {
  linux: { shell: "linux shell", prompt: "$" },
  windows: { shell: "PowerShell", prompt: "PS>" },
  "windows-admin": { shell: "elevated PowerShell", prompt: "PS>" },
} as const satisfies Record<Fix["where"], { shell: string; prompt: string }>;

/** "Restart WSL (PowerShell; until the next restart):", above the commands. */
export function fixHeading(fix: Fix): string {
  return `${fix.title} (${SHELLS[fix.where].shell}; ${LASTS[lastingOf(fix)]}):`;
}

/** "at vpn-adapter" or "between nat and vpn-gateway", and "inbound": null what is not known. */
export function placeOf({ segment, between, direction }: Finding) {
  const range = between && `between ${between[0]} and ${between[1]}`;
  return {
    at: segment === null ? range : `at ${segment}`,
    towards: direction === "both" ? "both directions" : direction,
  };
}

/** Which packets a limit hits, as far as it is known: "above 1400 bytes". */
export function oversize({ bytes, exact, below }: PmtuEstimate): string {
  if (exact && bytes !== null) return `above ${bytes} bytes`;
  return below === null ? "above some size" : `of ${below} bytes and more`;
}

/** What ends at a segment; null where nothing does. `what` is packets or responses, `size` which of them. */
export function endsHere(status: SegmentStatus, what: string, size: string): string | null {
  if (status === "blackhole") return `${what} ${size} vanish here`;
  return status === "broken" ? `${what} of every size end here` : null;
}

export const NO_REASON = "no reason was recorded";

/** What a run does before anything is known. */
export const BEGINNING = "reading this machine ...";
