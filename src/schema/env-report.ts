// The settings of this machine and of Windows, read without a packet sent, as its published schema (wsl-trace.env/1).

import * as z from "zod";
import { guestRoute, networkInterface, resolverConfig, rung, vantage } from "./events/guest.ts";
import { programProxy } from "./events/web.ts";
import { redaction } from "./redaction.ts";
import { segment } from "./verdict.ts";

export const ENV_SCHEMA = "wsl-trace.env/1";

const family = z.union([z.literal(4), z.literal(6)]);
const byFamily = z.object({
  4: z.number().int().nullable(),
  6: z.number().int().nullable(),
});

/** Which path Windows takes to an address, and why that one. */
const hostPath = z.object({
  family,
  /** The destination: a stand-in for any without a route of its own, unless one was given. */
  address: z.string(),
  adapter: z.string().nullable(),
  nextHop: z.string().nullable(),
  prefix: z.string().nullable(),
  metric: z.number().int().nullable(),
  /** Null when the snapshot does not hold it. */
  vpn: z.enum(["none", "forced", "split"]).nullable(),
  mtu: z.number().int().nullable(),
  /** The adapter that carries the tunnel's own packets. */
  outerAdapter: z.string().nullable(),
  /** How each of these was chosen, or why nothing is known. */
  because: z.array(z.string()).readonly(),
});
export type HostPath = z.infer<typeof hostPath>;

export const envReport = z.object({
  schema: z.literal(ENV_SCHEMA),
  version: z.string(),
  startedAt: z.string(),
  vantage: vantage.omit({ kind: true }).nullable(),
  ladder: z.array(rung.omit({ kind: true })).readonly(),
  interfaces: z.array(networkInterface).readonly(),
  routes: z.array(guestRoute).readonly(),
  resolver: resolverConfig.omit({ kind: true }).nullable(),
  /** The settings in the two files; null where a file is not there or was not read. */
  settings: z.object({
    wslConf: z.record(z.string(), z.string()).nullable(),
    wslconfig: z.record(z.string(), z.string()).nullable(),
    /** Why there is none; null with one. */
    wslconfigReason: z.string().nullable(),
    /** The version of Windows, and of WSL as Windows has it. */
    windows: z.string().nullable(),
    wslOnWindows: z.string().nullable(),
    /** Where they do not agree with what is in force, or take something away. */
    notes: z.array(z.string()).readonly(),
  }),
  /** The proxy of the environment for https, and those that git and apt have in files of their own. */
  proxies: z
    .object({
      environment: z.object({ variable: z.string(), proxy: z.string() }).nullable(),
      programs: z.array(programProxy.omit({ kind: true })).readonly(),
    })
    .optional(),
  /** The segments as read; nothing was probed, so every direction is unknown. */
  chain: z
    .array(
      segment.pick({ kind: true, name: true, address: true, mtu: true }).extend({
        /** Windows' interface metric; null where there is none. */
        metric: byFamily.nullable(),
        /** What names it. */
        source: z.string(),
      }),
    )
    .readonly(),
  host: z.object({
    origin: z.enum(["file", "interop", "none"]),
    /** Why there is no snapshot, or what it lacks. */
    reason: z.string().nullable(),
    collectedAt: z.string().nullable(),
    /** How the distro stands to this host. */
    relation: z.object({ kind: z.string(), because: z.string() }).nullable(),
    adapters: z
      .array(
        z.object({
          name: z.string(),
          kind: z.string(),
          because: z.string(),
          up: z.boolean().nullable(),
          mtu: byFamily,
          metric: byFamily,
          addresses: z.array(z.string()).readonly(),
          dnsServers: z.array(z.string()).readonly(),
        }),
      )
      .readonly(),
    ways: z.array(hostPath).readonly(),
    /** Sources that were not read, and why. */
    missing: z.array(z.object({ source: z.string(), reason: z.string() })).readonly(),
  }),
  /** As in a report. */
  redaction: redaction.optional(),
  unreadable: z.array(z.object({ what: z.string(), reason: z.string() })).readonly(),
});
export type EnvReport = z.infer<typeof envReport>;
