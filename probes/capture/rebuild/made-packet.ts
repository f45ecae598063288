// A packet made of what an event says of it.

import type { Family } from "../../../src/schema/events/common.ts";
import { encodeIpv4 } from "../../packet/ipv4.ts";
import { encodeIpv6 } from "../../packet/ipv6.ts";

export interface Made {
  /** Since the run began. */
  readonly atMs: number;
  readonly bytes: Buffer;
  /** The id of the event that it is made of. */
  readonly event: string;
  readonly answer: boolean;
  readonly place: string;
  readonly direction: "outbound" | "inbound";
}

export interface Ends {
  readonly family: Family;
  readonly source: string;
  readonly destination: string;
}

/** Sockets do not say theirs: numbers from here on stand for them, which Linux gives to nobody by itself (ip_local_port_range). */
export const UNKNOWN_PORT = 61_000;

/** What most hosts send with; the tool's own probes say theirs. */
export const USUAL_TTL = 64;

export function ipPacket(
  { family, source, destination }: Ends,
  { ttl, protocol }: { readonly ttl: number; readonly protocol: number },
  payload: Uint8Array,
): Buffer {
  const fields = { source, destination, ttl, protocol };
  return family === 4 ? encodeIpv4({ ...fields, id: 0 }, payload) : encodeIpv6(fields, payload);
}

export function turned({ family, source, destination }: Ends): Ends {
  return { family, source: destination, destination: source };
}
