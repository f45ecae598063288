// Events that separate the segments: the Windows host's own probes, and control probes of this side.

import * as z from "zod";
import { addressText, hostText } from "../text-kinds.ts";
import { count, text } from "./common.ts";
import { probeSent } from "./probe.ts";

/** What sends probes on the host; reported once, and again when it ends before the run does. */
export const hostProber = z.object({
  kind: z.literal("host-prober"),
  by: z.enum(["powershell", "ping.exe"]).nullable(),
  languageMode: text.nullable(),
  /** Why there is none, or why there is none any more; null while it answers. */
  reason: text.nullable(),
});
export type HostProberReport = z.infer<typeof hostProber>;

/** What a host probe is for: it separates the segments. */
export const hostPurpose = z.enum([
  /** The traced address itself. */
  "target",
  /** Packets of graded sizes to it. */
  "size",
  /** The first router of the adapter that the packets leave by. */
  "first-router",
  /** Where the VPN's own packets go, around the tunnel. */
  "vpn-endpoint",
  /** Something else that only the tunnel leads to. */
  "in-tunnel",
  "name",
  /** A service of the distro, from Windows. */
  "service",
]);
export type HostPurpose = z.infer<typeof hostPurpose>;

export const hostProbeResult = z.discriminatedUnion("ask", [
  z.object({
    ask: z.literal("resolve"),
    name: hostText,
    type: z.enum(["A", "AAAA"]),
    /** Null: the server that Windows chooses. */
    server: addressText.nullable(),
    addresses: z.array(addressText),
    /** In the words of Windows; null with an answer. */
    error: text.nullable(),
  }),
  z.object({
    ask: z.literal("connect"),
    address: addressText,
    port: count,
    outcome: z.enum([
      "connected",
      "refused",
      "no-reply",
      /** Windows has no route there, or a neighbour does not answer. */
      "unreachable",
      /** A rule on the host forbids it (WSAEACCES). */
      "denied",
      "failed",
    ]),
    detail: text.nullable(),
  }),
  z.object({
    ask: z.literal("tls"),
    address: addressText,
    port: count,
    name: hostText,
    /** `answered`: the server's part of the handshake came, whatever Windows thinks of it. */
    outcome: z.enum(["answered", "no-reply", "failed"]),
    detail: text.nullable(),
  }),
  z.object({
    ask: z.literal("echo"),
    address: addressText,
    /** Of the whole IP packet, which must not be fragmented. */
    sizeBytes: count,
    ttl: count,
    outcome: z.enum(["reply", "too-big", "ttl-expired", "unreachable", "no-reply"]),
    /** Who answered; null for nobody. */
    from: addressText.nullable(),
    detail: text.nullable(),
  }),
  z.object({
    ask: z.literal("neighbour"),
    address: addressText,
    /** `absent`: Windows' neighbour cache holds no entry. */
    outcome: z.enum(["answers", "no-answer", "unsure", "absent"]),
    detail: text.nullable(),
  }),
]);
export type HostProbeResult = z.infer<typeof hostProbeResult>;

export const hostProbe = z.object({
  kind: z.literal("host-probe"),
  purpose: hostPurpose,
  /** When it was sent, since the run began. */
  sentAtMs: z.number(),
  /** As Windows' clock saw it. */
  tookMs: z.number(),
  try: hostProbeResult,
});
export type HostProbe = z.infer<typeof hostProbe>;

/**
 * A probe of this side's own beside those to the target: to a router on the path where the target gives no
 * answer, to the target without DF and in fragments, to an address that must not answer.
 */
export const controlProbe = probeSent.extend({
  kind: z.literal("control-probe"),
  about: z.enum([
    "gateway",
    "vpn-endpoint",
    "next-hop",
    "fragments",
    "silent-address",
    "whole-echo",
    "datagram",
  ]),
});
export type ControlProbe = z.infer<typeof controlProbe>;

const hostCounts = z.object({ packets: count, bytes: count });
export type HostCounts = z.infer<typeof hostCounts>;

const hostDropped = hostCounts.extend({
  /** As the component sees it. */
  way: z.enum(["received", "sent"]),
  /** The last one, in Windows' own words. */
  reason: text.nullable(),
});
export type HostDropped = z.infer<typeof hostDropped>;

const hostComponent = z.object({
  group: text,
  name: text,
  received: hostCounts,
  sent: hostCounts,
  drops: z.array(hostDropped),
});
export type HostComponent = z.infer<typeof hostComponent>;

/** What pktmon counted of packets from and to an address, where Windows' PowerShell is an administrator's. */
export const hostCounters = z.object({
  kind: z.literal("host-counters"),
  address: addressText,
  /** Between these two times, since the run began. */
  fromMs: z.number(),
  untilMs: z.number(),
  components: z.array(hostComponent),
  /** Why nothing was counted; null when it was. */
  reason: text.nullable(),
});
export type HostCounters = z.infer<typeof hostCounters>;

/** Every kind of event above. */
export const HOST_PROBE_EVENTS = [hostProber, hostProbe, hostCounters, controlProbe] as const;
