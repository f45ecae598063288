// The zone of a link-local address, as the kernel counts it.

import { readFileSync } from "node:fs";

/**
 * @param address with or without a zone after `%`: a name or a number (RFC 4007, section 11)
 * @returns the index of that interface; 0, "any", where there is no zone or no such interface
 */
export function zoneIndex(address: string): number {
  const zone = /%(.+)$/.exec(address)?.[1];
  if (zone === undefined) return 0;
  if (/^\d+$/.test(zone)) return Number(zone);
  try {
    return Number(readFileSync(`/sys/class/net/${zone}/ifindex`, "utf8"));
  } catch {
    return 0;
  }
}
