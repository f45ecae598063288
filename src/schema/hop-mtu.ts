// Sizes as a report about them shows them: hop by hop, protocol by protocol, and what TCP makes of it.

import * as z from "zod";
import { protocol } from "./events/probe.ts";
import { pmtuEstimate } from "./verdict.ts";

const bytes = z.number().int().nullable();

export const hopSizes = z.object({
  ttl: z.number().int(),
  /** Null for a silent hop. */
  address: z.string().nullable(),
  /** The largest packet that this hop answered, null when it answered none. */
  atLeast: bytes,
  /** The smallest above it that got no further than a link before this hop; null without one. */
  below: bytes,
  /** How that one ended: an ICMP error reported the size, or nothing came back. */
  lost: z.enum(["told", "silent"]).nullable(),
  evidence: z.array(z.string()).readonly(),
});
export type HopSizes = z.infer<typeof hopSizes>;

/** Whether packets without DF that had to be cut arrive whole. */
const formatFragment = z.object({
  status: z.enum(["delivered", "lost", "unknown"]),
  /** Why it is unknown. */
  reason: z.string().nullable(),
  evidence: z.array(z.string()).readonly(),
});

const fragmentsReport = z.object({ outbound: formatFragment, inbound: formatFragment });
export type FragmentsReport = z.infer<typeof fragmentsReport>;

export const sizesReport = z.object({
  /** Of the link that packets to the target leave by. */
  linkMtu: bytes,
  hops: z.array(hopSizes).readonly(),
  /** The outbound path as each protocol alone shows it. */
  protocols: z
    .array(z.object({ protocol, outbound: pmtuEstimate, reason: z.string().nullable() }))
    .readonly(),
  /** Whether no protocol contradicts another; null when fewer than two have a result. */
  agree: z.boolean().nullable(),
  fragments: fragmentsReport,
  mss: z.object({
    /** What the guest offered, without TCP options (RFC 9293 s.3.7.1). */
    offered: bytes,
    /** What the far side offered, or something on the path rewrote it to. */
    accepted: bytes,
    /** Bytes of the largest IP packet that was received. */
    arrived: bytes,
    /** What it was rewritten to outbound, as the first original datagram shows, with the hops around it. */
    rewritten: z
      .object({ to: z.number().int(), after: z.number().int(), ttl: z.number().int() })
      .nullable(),
  }),
});
export type SizesReport = z.infer<typeof sizesReport>;
