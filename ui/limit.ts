// The text of a path MTU on a screen: short, and never more certain than the estimate.

import type { PmtuEstimate } from "../src/schema/verdict.ts";

/** "1400 bytes exact", "1500 bytes or more", "1300 to 1399 bytes"; null when nothing is known. */
export function formatSize({ bytes, exact, atLeast, below }: PmtuEstimate): string | null {
  const passed = bytes ?? atLeast;
  if (exact && bytes !== null) {
    return `${bytes} bytes exact`;
  }
  if (passed === null) {
    return below === null ? null : `below ${below} bytes`;
  }
  return below === null ? `${passed} bytes or more` : `${passed} to ${below - 1} bytes`;
}

/** What happens to larger packets. */
export function formatBeyond({ exact, below, silent }: PmtuEstimate): string {
  if (silent) {
    return "bigger ones vanish";
  }
  return exact || below !== null ? "bigger ones are refused" : "no limit in sight";
}
