// Events about the distro: what it is, its interfaces, routes and resolver file.

import * as z from "zod";
import { adapterText, addressText, hostText, macText, versionText } from "../text-kinds.ts";
import { count, family, text } from "./common.ts";

export const vantage = z.object({
  kind: z.literal("vantage"),
  vantage: z.enum(["wsl1", "wsl2", "linux"]),
  networkingMode: text.nullable(),
  kernel: versionText,
  /** Why it is taken for that. */
  basis: text,
  /** Where the networking mode was read; absent in older recordings, as all that follows. */
  modeBasis: text.optional(),
  /** Microsoft's kernel without WSL's runtime. */
  containerInWsl: z.boolean().optional(),
  /** As wslinfo prints it; null where it does not. */
  wslVersion: versionText.nullable().optional(),
  /** Id and version of os-release(5): "ubuntu 24.04"; null where nothing names one. */
  distribution: text.nullable().optional(),
  /** How the distro stands to Windows programs. */
  interop: z
    .object({
      handler: z.enum(["registered", "switched-off", "missing", "unreadable"]),
      offByConfiguration: z.boolean(),
      /** Mount points of Windows' drives. */
      drives: z.array(text),
    })
    .optional(),
  /** The settings of /etc/wsl.conf by "section.key"; null when there is no such file. */
  wslConf: z.record(text, text).nullable().optional(),
  /** How long WSL2's virtual machine has been up (proc_uptime(5)); absent elsewhere. */
  upSeconds: count.optional(),
});
export type Vantage = z.infer<typeof vantage>;

/** One privilege: tested, not assumed. */
export const rung = z.object({
  kind: z.literal("rung"),
  rung: text,
  available: z.boolean(),
  reason: text.nullable(),
  enable: text.nullable(),
});
export type Privilege = z.infer<typeof rung>;

export const networkInterface = z.object({
  name: adapterText,
  index: count,
  mtu: count,
  up: z.boolean(),
  loopback: z.boolean(),
  mac: macText.nullable(),
  addresses: z.array(z.object({ address: addressText, prefixLength: count, family })),
});
export type NetworkInterface = z.infer<typeof networkInterface>;

const interfaces = z.object({
  kind: z.literal("interfaces"),
  interfaces: z.array(networkInterface),
});

export const guestRoute = z.object({
  family,
  /** "0.0.0.0/0" and "::/0" are the default routes. */
  prefix: addressText,
  gateway: addressText.nullable(),
  interface: adapterText,
  metric: count,
});
export type GuestRoute = z.infer<typeof guestRoute>;

const routes = z.object({ kind: z.literal("routes"), routes: z.array(guestRoute) });

/** Rules beside the kernel's own three (local, main, default), as iproute2 prints them. */
export const policyRules = z.object({
  kind: z.literal("policy-rules"),
  rules: z.array(z.object({ family, priority: count, selector: text, table: text })),
});
export type PolicyRules = z.infer<typeof policyRules>;

/** Routes of the main table with several next hops, as iproute2 prints them. */
export const multipathRoutes = z.object({
  kind: z.literal("multipath-routes"),
  routes: z.array(
    z.object({
      family,
      prefix: addressText,
      hops: z.array(
        z.object({
          gateway: addressText.nullable(),
          interface: adapterText,
          weight: count,
          /** The kernel takes it for dead and does not use it. */
          dead: z.boolean(),
        }),
      ),
    }),
  ),
});
export type MultipathRoutes = z.infer<typeof multipathRoutes>;

/** What the kernel knows of a gateway's link-layer address, after packets were sent over it. */
export const neighbour = z.object({
  kind: z.literal("neighbour"),
  address: addressText,
  interface: adapterText,
  /**
   * As ip-neighbour(8) names it: "REACHABLE" was confirmed within the last half minute or so (RFC 4861 s.7.3.2);
   * null where there is no entry.
   */
  state: text.nullable(),
});
export type Neighbour = z.infer<typeof neighbour>;

/** The kernel's table of tracked connections (nf_conntrack). */
export const conntrack = z.object({ kind: z.literal("conntrack"), count, max: count });
export type Conntrack = z.infer<typeof conntrack>;

/** Whether a program of this network namespace listens where a local target points. */
export const localListener = z.object({
  kind: z.literal("local-listener"),
  address: addressText,
  port: count,
  listens: z.boolean(),
});
export type LocalListener = z.infer<typeof localListener>;

export const resolverVariantName = z.enum([
  "dns-tunnel",
  "gateway-proxy",
  "host-servers",
  "systemd-stub",
  "manual",
]);
export type ResolverVariant = z.infer<typeof resolverVariantName>;

export const resolverConfig = z.object({
  kind: z.literal("resolver-config"),
  path: text,
  servers: z.array(addressText),
  search: z.array(hostText),
  ndots: count,
  /** Those that change how a program's look-up goes (resolv.conf(5)); absent in older recordings. */
  options: z
    .object({
      /** TCP alone. */
      useVc: z.boolean(),
      /** Each look-up begins with the next server. */
      rotate: z.boolean(),
      timeoutSeconds: count,
      attempts: count,
      /** A and AAAA one behind the other: from one socket, or each from its own (single-request-reopen). */
      singleRequest: z.enum(["same-socket", "new-socket"]).optional(),
      /** Every query offers a larger answer (RFC 6891). */
      edns0: z.boolean().optional(),
      /** No query for AAAA (glibc 2.36). */
      noAaaa: z.boolean().optional(),
    })
    .optional(),
  /** Whose rules of resolv.conf the distro's programs follow; null where it does not show; absent in older recordings. */
  libc: z.enum(["glibc", "musl"]).nullable().optional(),
  generatedByWsl: z.boolean(),
  /** Which of WSL's kinds of name resolution it shows, null without a server; absent in older recordings. */
  variant: resolverVariantName.nullable().optional(),
  /** Null when the file was read. */
  problem: text.nullable(),
});
export type ResolverConfig = z.infer<typeof resolverConfig>;

/** Something about this machine that could not be read: kept apart from "empty". */
const unreadable = z.object({
  kind: z.literal("unreadable"),
  what: text,
  reason: text,
});

const refusingType = z.enum(["blackhole", "prohibit", "unreachable"]);

/** A route or a policy rule that refuses packets instead of leading them anywhere (ip-route(8), ip-rule(8)). */
const refusingEntry = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("route"),
    type: refusingType,
    prefix: addressText,
    /** Null for the main table. */
    table: text.nullable(),
    metric: count.nullable(),
  }),
  z.object({ kind: z.literal("rule"), type: refusingType, priority: count, selector: text }),
]);
export type RefusingEntry = z.infer<typeof refusingEntry>;

export const routeOutcome = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("route"),
    source: addressText,
    interface: adapterText,
    gateway: addressText.nullable(),
    linkMtu: count,
    /** What the kernel would use for this destination now. */
    pathMtu: count,
    /** The cached PMTU when the kernel holds one, null when it holds none. */
    cachedPmtu: count.nullable(),
    /** False where the kernel refused to tell its PMTU, so that a cached one may be there; absent: it was read. */
    pathMtuRead: z.boolean().optional(),
    /** The routing table that decided, where it is not the main one and iproute2 reported it. */
    table: text.optional(),
  }),
  z.object({
    kind: z.literal("no-route"),
    error: text,
    /** What refuses the address with this error, the likeliest first; absent where nothing does, or iproute2 is not here. */
    refusedBy: z.array(refusingEntry).optional(),
  }),
  /** A system call was refused, and nothing else told the route: `error` is errno's name. */
  z.object({ kind: z.literal("unknown"), error: text }),
]);
export type RouteOutcome = z.infer<typeof routeOutcome>;

export const routeLookup = z.object({
  kind: z.literal("route-lookup"),
  address: addressText,
  family,
  /** Looked at before the probes or after them. */
  when: z.enum(["before", "after"]),
  outcome: routeOutcome,
});
export type RouteLookup = z.infer<typeof routeLookup>;

/** The source ports that this kernel gives programs (net.ipv4.ip_local_port_range). */
export const localPortRange = z.object({
  kind: z.literal("local-port-range"),
  first: count,
  last: count,
});
export type LocalPortRange = z.infer<typeof localPortRange>;

/** Every kind of event above. */
export const GUEST_EVENTS = [
  vantage,
  rung,
  interfaces,
  routes,
  policyRules,
  multipathRoutes,
  neighbour,
  conntrack,
  localListener,
  resolverConfig,
  unreadable,
  routeLookup,
  localPortRange,
] as const;
