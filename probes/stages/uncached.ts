// Connections that offer what the link takes, whatever PMTU the kernel has cached for the target.

import { TCP_HEADERS } from "../../src/facts/connection/attempt.ts";
import { cachedPmtuTo } from "../../src/facts/size/cached.ts";
import type { ProbeContext } from "../../src/probe.ts";
import type { ConnectionOpen } from "../native/connection.ts";
import type { Libc } from "../native/libc.ts";
import { rawRefused } from "../native/raw-wire.ts";
import type { AttemptSpec } from "../tcp/attempt.ts";
import { LINUX_OFFER, openRaw } from "../tcp/raw/raw-connection.ts";
import type { RawDestination } from "../tcp/raw/raw-packets.ts";

export type OpenRaw = (mss: number, mark?: number) => ConnectionOpen;

export interface RawWithoutCache {
  /** What the link takes. */
  readonly mss: number;
  readonly open: OpenRaw;
}

/** What it is reported as where it is. */
const SKIPPED = "uncached-sizes";

/** Null where no PMTU is cached for the address, or this user may not: then with the reason. */
export function rawWithoutCache(
  deps: { readonly libc: Libc; zoneIndex(address: string): number },
  { path, clock, emit }: ProbeContext,
  to: Omit<RawDestination, "zoneIndex">,
): RawWithoutCache | null {
  const cached = cachedPmtuTo(path(), to.address);
  if (cached === null) return null;
  const reason = rawRefused(deps.libc);
  if (reason !== null) {
    const isTold = path().skipped.some(({ probe }) => probe === SKIPPED);
    if (!isTold) emit({ kind: "probe-skipped", probe: SKIPPED, reason });
    return null;
  }
  const destination = { ...to, zoneIndex: deps.zoneIndex(to.address) };
  return {
    mss: cached.linkMtu - TCP_HEADERS[to.family],
    open: (mss, mark) =>
      openRaw({ libc: deps.libc, clock }, { ...destination, mark }, { ...LINUX_OFFER, mss }),
  };
}

/** As an attempt opens it; undefined for the kernel's own. */
export function rawOf(open: OpenRaw | null, mss: number): AttemptSpec["open"] {
  return open === null ? undefined : (mark) => open(mss, mark);
}
