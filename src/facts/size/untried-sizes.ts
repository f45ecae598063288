// Why the inbound sizes were not looked for.

import type { Path } from "../../model/path.ts";

/** Why no smaller size was asked for beside a connection that hangs; null when one was. */
export function untriedSizes({ connections, skipped }: Path): string | null {
  if (connections["mss-sweep"].length > 0) return null;
  const refused = skipped.find(({ probe }) => probe === "mss-sweep");
  return `no smaller size was asked for${refused === undefined ? "" : `: ${refused.reason}`}`;
}
