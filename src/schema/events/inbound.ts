// Events of `wsl-trace inbound`: who listens on a port here, and what came of trying to reach it.

import * as z from "zod";
import { addressText } from "../text-kinds.ts";
import { count, family, text } from "./common.ts";

/** Who serves the port in this distro, as the kernel's tables have it. */
export const inboundService = z.object({
  kind: z.literal("inbound-service"),
  port: count,
  /** Addresses that sockets listen on (/proc/net/tcp, tcp6); null where they could not be read. */
  listeners: z.array(z.object({ family, address: addressText })).nullable(),
  /** Other ports that something listens on, the lowest first. */
  otherPorts: z.array(count),
  /** Nobody listened, and this run did, on all addresses. */
  own: z.boolean(),
  /** The error's code where this run wanted to listen and could not; null otherwise. */
  ownError: text.nullable(),
  /** DNAT of this port, as Docker publishes one; null where the rules could not be read. */
  forwards: z
    .array(
      z.object({
        /** The address that it is for; null: any. */
        address: addressText.nullable(),
        toAddress: addressText,
        toPort: count.nullable(),
      }),
    )
    .nullable(),
});
export type InboundService = z.infer<typeof inboundService>;

/** A connection of this distro to its own port. */
export const inboundAttempt = z.object({
  kind: z.literal("inbound-attempt"),
  address: addressText,
  outcome: z.enum(["connected", "refused", "no-reply", "failed"]),
  /** The error's code; null without one. */
  error: text.nullable(),
  tookMs: z.number(),
});
export type InboundAttempt = z.infer<typeof inboundAttempt>;

/** A connection that came to this run's own listener. */
export const inboundArrival = z.object({
  kind: z.literal("inbound-arrival"),
  from: addressText,
  to: addressText,
});
export type InboundArrival = z.infer<typeof inboundArrival>;

const inboundTrial = z.object({
  /** Whether Windows tried to connect meanwhile; the others are controls of equal length. */
  tried: z.boolean(),
  /** Packets of IP that came in and were given to nobody; null where the counters could not be read. */
  undelivered: count.nullable(),
  /** Connection requests to the port that were taken and wait for the client's next word. */
  halfOpen: count.nullable(),
});
export type InboundTrial = z.infer<typeof inboundTrial>;

/** What this kernel's counters did while Windows tried in vain, and while nobody did. */
export const inboundCount = z.object({
  kind: z.literal("inbound-count"),
  address: addressText,
  trials: z.array(inboundTrial),
});
export type InboundCount = z.infer<typeof inboundCount>;

/** Every kind of event above. */
export const INBOUND_EVENTS = [
  inboundService,
  inboundAttempt,
  inboundArrival,
  inboundCount,
] as const;
