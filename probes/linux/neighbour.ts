// What the kernel knows of a gateway's link-layer address, by iproute2: ARP for IPv4, neighbour discovery for IPv6.

import type { Neighbour } from "../../src/schema/events/guest.ts";
import type { System } from "../system.ts";

const TIMEOUT_MS = 2000;

/** Null where iproute2 is not here; no state where there is no entry. */
export async function readNeighbour(
  system: System,
  address: string,
  device: string,
): Promise<Pick<Neighbour, "state"> | null> {
  const args = ["neigh", "show", "to", address, "dev", device];
  const shown = await system.run("ip", args, { timeoutMs: TIMEOUT_MS });
  return shown.exitCode === 0 ? { state: parseState(shown.stdout) } : null;
}

/** Of a line as "10.0.0.1 lladdr 00:15:5d:00:00:01 router REACHABLE" (iproute2, ip/ipneigh.c: the state stands last). */
function parseState(text: string): string | null {
  return /\b([A-Z]+)\s*$/.exec(text.split("\n", 1)[0] ?? "")?.[1] ?? null;
}
