// Events beside the default attempt's own connection: QUIC to the same port, and the proxy that programs would take.

import * as z from "zod";
import { addressText, hostText, idText, timeText, urlText } from "../text-kinds.ts";
import { count, text } from "./common.ts";

/** A QUIC packet of a version that nobody has: any QUIC server answers which versions it has (RFC 9000 s.6). */
export const quicProbe = z.object({
  kind: z.literal("quic-probe"),
  address: addressText,
  port: count,
  outcome: z.discriminatedUnion("kind", [
    /** As hexadecimal numbers. */
    z.object({ kind: z.literal("version-negotiation"), versions: z.array(text) }),
    z.object({ kind: z.literal("no-reply"), waitedMs: z.number() }),
    /** Port or host unreachable, or prohibited: errno's name. */
    z.object({ kind: z.literal("unreachable"), error: text }),
  ]),
  rttMs: z.number().nullable(),
  sent: count,
});
export type QuicProbe = z.infer<typeof quicProbe>;

/** The proxy settings of the environment for this target; user names and passwords are left out. */
export const proxyConfig = z.object({
  kind: z.literal("proxy-config"),
  /** The variable, as it is written there; "Windows" for the host's own setting. */
  variable: text,
  /** Whose setting it is; absent: the environment's. */
  origin: z.enum(["environment", "windows"]).optional(),
  scheme: text,
  host: hostText,
  port: count,
  applies: z.boolean(),
  /** Why it does not apply. */
  because: text.nullable(),
  /** Why no program can take it: scheme, host and port are empty then. */
  problem: text.optional(),
  /** The default attempt goes through it: names, routes and sizes of this run are those of the path to the proxy. */
  through: z.boolean().optional(),
  /** The target's address, where programs resolve its name themselves (socks5, socks4). */
  targetAddress: addressText.optional(),
});
export type ProxyConfig = z.infer<typeof proxyConfig>;

const steps = z.array(
  z.object({
    step: z.enum(["resolve", "connect", "proxy", "tls", "http"]),
    ok: z.boolean(),
    /** A status line, or what went wrong. */
    detail: text,
    ms: z.number(),
  }),
);

/** The same request through the proxy, sent beside the direct one. */
export const proxyAttempt = z.object({
  kind: z.literal("proxy-attempt"),
  /** Null when its name has no address. */
  address: addressText.nullable(),
  steps,
});
export type ProxyAttempt = z.infer<typeof proxyAttempt>;

/** The same request without the proxy, where the default attempt goes through one. */
export const directAttempt = z.object({
  kind: z.literal("direct-attempt"),
  /** Null when the target's name has no address here. */
  address: addressText.nullable(),
  steps,
});
export type DirectAttempt = z.infer<typeof directAttempt>;

/** What the proxy answered an attempt that goes through it: to CONNECT, or to the SOCKS request. */
export const proxyAnswer = z.object({
  kind: z.literal("proxy-answer"),
  attempt: idText,
  ok: z.boolean(),
  /** A status line, or what SOCKS' reply means. */
  detail: text,
});
export type ProxyAnswer = z.infer<typeof proxyAnswer>;

/** A proxy that a program has in a file of its own, which counts more than the environment for it. */
export const programProxy = z.object({
  kind: z.literal("program-proxy"),
  program: z.enum(["git", "apt"]),
  /** The file. */
  where: text,
  /** "http.proxy", "Acquire::http::Proxy". */
  setting: text,
  /** Without user name and password; null: none, whatever the environment names. */
  proxy: urlText.nullable(),
});
export type ProgramProxy = z.infer<typeof programProxy>;

/** The answer of the default attempt: its status, and the headers that show captive portals and clock errors. */
export const httpAnswer = z.object({
  kind: z.literal("http-answer"),
  attempt: idText,
  status: count,
  /** The Location and Date fields (RFC 9110 s.10.2.2, s.6.6.1), null where there is none. */
  location: urlText.nullable(),
  date: timeText.nullable(),
  /** Content-Length (RFC 9110 s.8.6); absent where there is none. */
  lengthBytes: count.optional(),
});
export type HttpAnswer = z.infer<typeof httpAnswer>;

/** A plain request to port 80, for whether somebody answers for every address. */
export const captivePortalCheck = z.object({
  kind: z.literal("portal-check"),
  address: addressText,
  /** "nowhere": an address that no host may have (RFC 5737). */
  what: z.enum(["target", "nowhere"]),
  status: count.nullable(),
  location: urlText.nullable(),
  /** Why there is no answer. */
  error: text.nullable(),
});
export type CaptivePortalCheck = z.infer<typeof captivePortalCheck>;

/** Whether a name server of resolv.conf gives an address for a name that cannot exist (RFC 6761 s.6.4). */
export const wildcardCheck = z.object({
  kind: z.literal("wildcard-check"),
  server: addressText,
  name: hostText,
  /** Empty where it says that there is none. */
  addresses: z.array(addressText),
  /** Why there is no answer. */
  error: text.nullable(),
});
export type WildcardCheck = z.infer<typeof wildcardCheck>;

/** Every kind of event above. */
export const WEB_EVENTS = [
  httpAnswer,
  captivePortalCheck,
  wildcardCheck,
  quicProbe,
  proxyConfig,
  proxyAttempt,
  directAttempt,
  proxyAnswer,
  programProxy,
] as const;
