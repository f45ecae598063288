// One resolver as a report of names shows it: who names it, its answers over UDP and TCP, and up to which size.

import * as z from "zod";
import { dnsOrigin } from "./events/dns-replies.ts";

export const resolverRow = z.object({
  server: z.string(),
  /** Who names it. */
  origin: dnsOrigin,
  /** What it is known to be beside its address, null for a plain server. */
  role: z.string().nullable(),
  status: z.enum(["answers", "no-such-name", "cut", "silent", "refuses", "unreachable", "fails"]),
  udp: z.string().nullable(),
  /** Null where it was not queried. */
  tcp: z.string().nullable(),
  rttMs: z.number().nullable(),
  addresses: z.array(z.string()).readonly(),
  sizes: z
    .array(
      z.object({
        type: z.enum(["A", "AAAA", "TXT"]),
        ednsBytes: z.number().int(),
        result: z.enum(["whole", "cut", "lost", "failed"]),
        bytes: z.number().int().nullable(),
      }),
    )
    .readonly(),
  evidence: z.array(z.string()).readonly(),
});
export type ResolverRow = z.infer<typeof resolverRow>;

/** The answers of the resolvers in a run about names, and Windows' beside them. */
export const resolversReport = z.object({
  /** The names that were queried, in the resolver's order. */
  names: z.array(z.string()).readonly(),
  search: z.array(z.string()).readonly(),
  ndots: z.number().int().nullable(),
  servers: z.array(resolverRow).readonly(),
  windows: z.object({
    /** Null when Windows was not queried or its answer is not known. */
    addresses: z.array(z.string()).readonly().nullable(),
    ms: z.number().nullable(),
    /** Windows' own words for a failure, or why nothing is known. */
    reason: z.string().nullable(),
  }),
});
export type ResolversReport = z.infer<typeof resolversReport>;
