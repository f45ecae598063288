// Events about the Windows host and about names.

import * as z from "zod";
import { addressText, hostText, snapshotJson } from "../text-kinds.ts";
import { count, family, text } from "./common.ts";
import { routeOutcome } from "./guest.ts";

const hostSnapshot = z.object({
  kind: z.literal("host-snapshot"),
  origin: z.enum(["file", "interop", "none"]),
  /** The parsed JSON as it came, unknown keys included; null when there is none. */
  snapshot: snapshotJson,
  /** Why there is none. */
  reason: text.nullable(),
});

/** `libc`: the C library has it from elsewhere, as nsswitch.conf says. */
export const dnsOrigin = z.enum([
  "hosts-file",
  "libc",
  "resolv.conf",
  "upstream",
  "nrpt",
  "adapter",
]);
export type DnsOrigin = z.infer<typeof dnsOrigin>;

export const dnsOutcome = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("answer"),
    rcode: text,
    addresses: z.array(addressText),
    truncated: z.boolean(),
    /** Of the whole DNS message; absent in the hosts file and in older recordings. */
    sizeBytes: count.optional(),
  }),
  z.object({ kind: z.literal("no-reply"), waitedMs: z.number() }),
  /** Port unreachable (UDP) or RST (TCP): somebody is there and does not serve DNS. */
  z.object({ kind: z.literal("refused"), from: addressText.nullable() }),
  z.object({ kind: z.literal("unreachable"), error: text, from: addressText.nullable() }),
  z.object({ kind: z.literal("malformed"), why: text }),
]);
export type DnsOutcome = z.infer<typeof dnsOutcome>;

export const dnsReply = z.object({
  kind: z.literal("dns-reply"),
  server: addressText,
  origin: dnsOrigin,
  transport: z.enum(["udp", "tcp", "file"]),
  name: hostText,
  type: z.enum(["A", "AAAA"]),
  outcome: dnsOutcome,
  rttMs: z.number().nullable(),
  sent: count,
});
export type DnsReply = z.infer<typeof dnsReply>;

/** No name server answered: the path to this one is traced, by probes to its address. */
export const resolverPath = z.object({
  kind: z.literal("resolver-way"),
  server: addressText,
  family,
  route: routeOutcome,
});
export type ResolverPath = z.infer<typeof resolverPath>;

/** The addresses that the trace goes on with, in the order in which a program would use them. */
export const targetAddresses = z.object({
  kind: z.literal("target-addresses"),
  addresses: z.array(z.object({ address: addressText, family })),
  basis: z.union([z.literal("literal"), dnsOrigin]),
  server: addressText.nullable(),
});
export type TargetAddresses = z.infer<typeof targetAddresses>;

/** Every kind of event above. */
export const DNS_REPLY_EVENTS = [hostSnapshot, dnsReply, targetAddresses, resolverPath] as const;
