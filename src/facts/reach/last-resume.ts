// Whether Windows has slept since the machine that the distro runs in was started.

import { readHost } from "../../host/host.ts";
import { rowsOf, whyUnread } from "../../host/sources.ts";
import type { Path } from "../../model/path.ts";
import { perPath } from "../per-path.ts";
import { NO_SNAPSHOT } from "../reasons.ts";

export type LastResume =
  | { readonly kind: "unknown"; readonly reason: string }
  /** The distro's machine was started after it, or Windows has not slept at all. */
  | { readonly kind: "not-since-start" }
  | { readonly kind: "slept"; readonly resumedAt: string };

export const lastResume = perPath("lastResume", computeLastResume);

const NO_TIME = "Windows' record of its last sleep has no time that can be read";
const START_UNKNOWN = "when the machine that the distro runs in was started is not known";

/** A look at Windows' clock takes this long at worst, so that an earlier start than that is one. */
const CLOCKS_AGREE_MS = 60_000;

function computeLastResume(path: Path): LastResume {
  const { host } = path;
  if (host?.snapshot == null) return { kind: "unknown", reason: host?.reason ?? NO_SNAPSHOT };
  const source = readHost(host.snapshot).resumes;
  const unread = whyUnread(source);
  if (unread !== null) return { kind: "unknown", reason: unread };
  const resumedMs = Math.max(...rowsOf(source).map(({ atMs }) => atMs));
  if (!Number.isFinite(resumedMs)) {
    const isEmpty = source.state === "rows" && source.notUnderstood.length === 0;
    return isEmpty ? { kind: "not-since-start" } : { kind: "unknown", reason: NO_TIME };
  }
  const startedMs = startOf(path);
  if (startedMs === null) return { kind: "unknown", reason: START_UNKNOWN };
  if (resumedMs - startedMs <= CLOCKS_AGREE_MS) return { kind: "not-since-start" };
  return { kind: "slept", resumedAt: new Date(resumedMs).toISOString() };
}

/**
 * By Windows' clock, where it was read in this run: a distro's own stands still in sleep. A machine that
 * did not run for a while counts that time as if it had been started later, never earlier.
 */
function startOf({ run, vantage, host }: Path): number | null {
  const upSeconds = vantage?.upSeconds;
  const startedMs = Date.parse(run?.startedAt ?? "");
  if (upSeconds === undefined || !Number.isFinite(startedMs)) return null;
  const utc =
    host?.origin === "interop" && host.snapshot !== null
      ? rowsOf(readHost(host.snapshot).clocks)[0]?.utc
      : null;
  const nowMs = Date.parse(utc ?? "");
  return (Number.isFinite(nowMs) ? nowMs : startedMs) - upSeconds * MS_PER_SECOND;
}

const MS_PER_SECOND = 1000;
