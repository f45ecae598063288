// Events of further questions to a resolver: sizes, comparisons, late answers, and what stands behind a stub.

import * as z from "zod";
import { addressText, hostText } from "../text-kinds.ts";
import { count, text } from "./common.ts";
import { dnsOrigin, dnsOutcome } from "./dns-replies.ts";

/** What a query is for, beside the first ones that decide where the trace goes. */
export const dnsCheck = z.object({
  kind: z.literal("dns-check"),
  /**
   * `size`: how large an answer may be; `compare`: UDP and TCP in turn; `control`: the root, which every live server
   * answers for, names that exist, and one that cannot; `suffix`: a short name with a domain that Windows appends; `again`: one that stayed silent, later and alone;
   * `together`: the same behind the other type's query from one port, as a C library sends them; `edns`: the same query
   * with an OPT record and without one in turn.
   */
  purpose: z.enum(["size", "compare", "control", "suffix", "again", "together", "edns"]),
  server: addressText,
  origin: dnsOrigin,
  transport: z.enum(["udp", "tcp"]),
  name: hostText,
  type: z.enum(["A", "AAAA", "TXT"]),
  /** UDP payload size that the query's OPT record offers (RFC 6891 s.6.2.3); null without such a record. */
  ednsBytes: count.nullable(),
  /** Which repetition of the same questions it belongs to, from 1. */
  round: count,
  outcome: dnsOutcome,
  rttMs: z.number().nullable(),
  sent: count,
});
export type DnsCheck = z.infer<typeof dnsCheck>;

/** More than one answer came to one datagram that was sent once, and they differ. */
export const dnsRace = z.object({
  kind: z.literal("dns-race"),
  server: addressText,
  origin: dnsOrigin,
  name: hostText,
  type: z.enum(["A", "AAAA"]),
  /** In the order of their arrival, since the query left. */
  answers: z.array(z.object({ afterMs: z.number(), outcome: dnsOutcome })),
  sent: count,
});
export type DnsRace = z.infer<typeof dnsRace>;

/** The servers that a local stub forwards to, from its configuration file. */
export const resolverUpstream = z.object({
  kind: z.literal("resolver-upstream"),
  stub: addressText,
  path: text,
  servers: z.array(addressText),
  /** Null when the file was read. */
  problem: text.nullable(),
});
export type ResolverUpstream = z.infer<typeof resolverUpstream>;

/** What `getent ahosts` makes of the name: the C library's own look-up, beside the queries of this tool. */
export const libcLookup = z.object({
  kind: z.literal("libc-lookup"),
  name: hostText,
  addresses: z.array(addressText),
  /** 2: the name is not known (getent(1)). */
  exitCode: z.number(),
  /** From 1: it is repeated where it contradicts the name servers. */
  round: count,
  ms: z.number(),
  /** The line "hosts" of nsswitch.conf without its keyword; null without one. */
  sources: text.nullable(),
});
export type LibcLookup = z.infer<typeof libcLookup>;

/** Every kind of event above. */
export const DNS_EVENTS = [dnsCheck, dnsRace, resolverUpstream, libcLookup] as const;
