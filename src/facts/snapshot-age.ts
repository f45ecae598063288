// How old a saved host snapshot was when the run began.

import type { Path } from "../model/path.ts";

/** Older than this a snapshot may be of another network: VPNs come and go within minutes. */
const OLD_MINUTES = 15;
const MS_PER_MINUTE = 60_000;

/** How much older the snapshot is than the run, in words; null when it is not, or has no time. */
export function snapshotAge({ host, run }: Path): string | null {
  if (host?.origin !== "file" || run === null) return null;
  const collected = Date.parse(host.snapshot?.collectedAt ?? "");
  const minutes = (Date.parse(run.startedAt) - collected) / MS_PER_MINUTE;
  if (!(minutes > OLD_MINUTES)) return null;
  const hours = Math.round(minutes / 60);
  return hours < 2 ? `${Math.round(minutes)} minutes` : `${hours} hours`;
}
