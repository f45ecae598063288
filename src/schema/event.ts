// What the probes report: the closed union of events that a recording holds and the Path is folded from.

import * as z from "zod";
import { dnsCheck, dnsRace, resolverUpstream } from "./events/dns.ts";
import { dnsReply, hostSnapshot, resolverPath, targetAddresses } from "./events/dns-replies.ts";
import {
  conntrack,
  interfaces,
  localListener,
  policyRules,
  resolverConfig,
  routeLookup,
  routes,
  rung,
  unreadable,
  vantage,
} from "./events/guest.ts";
import { controlProbe, hostCounters, hostProbe, hostProber } from "./events/host-probe.ts";
import {
  kernelCounters,
  kernelDrop,
  kernelFlow,
  kernelWatch,
  kernelWatchEnded,
} from "./events/kernel.ts";
import { hopName, lateReply, packetTooBigCounted, probeSent } from "./events/probe.ts";
import { probeSkipped, runEnded, runStarted } from "./events/run.ts";
import {
  altSvc,
  certificate,
  tcpEnded,
  tcpStageEnded,
  tcpStalled,
  tcpStarted,
} from "./events/tcp.ts";
import {
  captivePortalCheck,
  httpAnswer,
  proxyAttempt,
  proxyConfig,
  quicProbe,
} from "./events/web.ts";

export const eventBody = z.discriminatedUnion("kind", [
  runStarted,
  vantage,
  rung,
  interfaces,
  routes,
  policyRules,
  conntrack,
  localListener,
  resolverConfig,
  unreadable,
  hostSnapshot,
  hostProber,
  hostProbe,
  hostCounters,
  controlProbe,
  dnsReply,
  dnsCheck,
  dnsRace,
  resolverUpstream,
  targetAddresses,
  resolverPath,
  routeLookup,
  tcpStarted,
  tcpStageEnded,
  tcpStalled,
  tcpEnded,
  certificate,
  altSvc,
  httpAnswer,
  captivePortalCheck,
  quicProbe,
  proxyConfig,
  proxyAttempt,
  probeSent,
  hopName,
  lateReply,
  packetTooBigCounted,
  kernelWatch,
  kernelDrop,
  kernelFlow,
  kernelCounters,
  kernelWatchEnded,
  probeSkipped,
  runEnded,
]);
/** An event before the trace gave it its id and time. */
export type EventBody = z.infer<typeof eventBody>;

export const stamp = z.object({
  /** "e1", "e2", ... in order of emission. */
  id: z.string().regex(/^e\d+$/),
  /** Since the run began. */
  atMs: z.number(),
});

export const probeEvent = z.intersection(stamp, eventBody);
export type ProbeEvent = z.infer<typeof stamp> & EventBody;
