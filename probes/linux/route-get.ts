// `ip route get`: the way that the kernel takes by all its tables, which /proc/net/route does not hold.

import type { System } from "../system.ts";

export interface ShownRoute {
  readonly device: string;
  /** Null when the destination is on the link itself. */
  readonly gateway: string | null;
  /** Null for the main table. */
  readonly table: string | null;
  /** It has a time to live: an exception that was learnt. */
  readonly expires: boolean;
}

const TIMEOUT_MS = 2000;

/** Null without iproute2, without a route, or where its answer is not understood. */
export async function showRoute(
  system: System,
  address: string,
  device?: string,
): Promise<ShownRoute | null> {
  const by = device === undefined ? [] : ["oif", device];
  const shown = await system.run("ip", ["route", "get", address, ...by], { timeoutMs: TIMEOUT_MS });
  return shown.exitCode === 0 ? parseRouteGet(shown.stdout) : null;
}

export function parseRouteGet(text: string): ShownRoute | null {
  const device = /\bdev (\S+)/.exec(text)?.[1];
  if (device === undefined) return null;
  const gateway = /\bvia (?:inet6? )?(\S+)/.exec(text)?.[1] ?? null;
  const table = /\btable (\S+)/.exec(text)?.[1] ?? null;
  return {
    ...{ device, gateway, table: table === "main" ? null : table },
    expires: /\bexpires\b/.test(text),
  };
}
