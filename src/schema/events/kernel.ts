// Events of this kernel: what it dropped of the tool's own packets, and what of its connections it saw pass.

import * as z from "zod";
import { adapterText, addressText, idText } from "../text-kinds.ts";
import { count, family, text } from "./common.ts";

/** From the most detailed source to the least detailed. */
export const kernelSource = z.enum(["ebpf", "tracefs", "counters"]);
export type KernelSource = z.infer<typeof kernelSource>;

/** What was watched with while packets were sent. */
export const kernelWatch = z.object({
  kind: z.literal("kernel-watch"),
  /** Null where not even counters can be read. */
  source: kernelSource.nullable(),
  /** Better sources, and why each was not to be had. */
  stepsDown: z.array(z.object({ source: kernelSource, reason: text })),
  /** Hooks in the kernel that could not be attached: nothing is known about them. */
  missingHooks: z.array(z.object({ hook: text, reason: text })),
});
export type KernelWatch = z.infer<typeof kernelWatch>;

const kernelMatch = z.discriminatedUnion("by", [
  /** A probe, by the cookie in it or in its original datagram. */
  z.object({ by: z.literal("cookie"), cookie: count }),
  /** A TCP attempt, by addresses and ports; the direction is seen from here. */
  z.object({ by: z.literal("flow"), attempt: idText, direction: z.enum(["out", "in"]) }),
  /** This source does not show whose packet it was. */
  z.object({ by: z.literal("nothing") }),
]);

/** An ICMP or ICMPv6 message by its numbers. */
const icmpNumbers = z.object({ type: count, code: count });

const kernelNamespace = z.object({
  /** The namespace of this process; null when it is not known. */
  own: z.boolean().nullable(),
  /** Below /run/netns; null for the own one and for those without a name. */
  name: text.nullable(),
  inode: count.nullable(),
});
export type KernelNamespace = z.infer<typeof kernelNamespace>;

export const kernelDrop = z.object({
  kind: z.literal("kernel-drop"),
  match: kernelMatch,
  /** The kernel's own name without SKB_DROP_REASON_; null when it gave none and none could be inferred. */
  reason: text.nullable(),
  /** The reason is inferred from the location: this kernel names none. */
  inferred: z.boolean(),
  /** The kernel's function that gave the packet up; null where addresses are hidden. */
  symbol: text.nullable(),
  interface: adapterText.nullable(),
  namespace: kernelNamespace,
  packet: z
    .object({
      family: family.nullable(),
      /** IP's protocol number. */
      protocol: count,
      ttl: count,
      sizeBytes: count,
      /** An ICMP error whose original datagram is the probe. */
      quoted: z.boolean(),
      icmp: icmpNumbers.nullable(),
      /** The flags byte of TCP (RFC 9293 s.3.1). */
      tcpFlags: count.nullable(),
    })
    .nullable(),
  /** The ICMP error that this host sent because of it. */
  icmpSent: icmpNumbers.nullable(),
  /** By the kernel's clock, since the run began. */
  droppedAtMs: z.number(),
});
export type KernelDrop = z.infer<typeof kernelDrop>;

/** What an interface of this namespace saw of one attempt. */
export const kernelFlow = z.object({
  kind: z.literal("kernel-flow"),
  attempt: idText,
  interface: adapterText.nullable(),
  /** Packets that an interface sent. */
  sent: count,
  /** Packets that came in, and the largest of them in bytes from the IP header on. */
  received: count,
  receivedMaxBytes: count.nullable(),
});
export type KernelFlow = z.infer<typeof kernelFlow>;

/** Where this kernel saw a probe or a connection, and what answered it: the first packet at each place, in order. */
export const kernelProbe = z.object({
  kind: z.literal("kernel-probe"),
  of: z.discriminatedUnion("by", [
    z.object({ by: z.literal("cookie"), cookie: count }),
    z.object({ by: z.literal("attempt"), attempt: idText }),
  ]),
  seen: z.array(
    z.object({
      /**
       * "netfilter": behind its last hook, in the queue of a device. "device": handed to the driver. "received": from a
       * driver, before any hook of netfilter.
       */
      stage: z.enum(["netfilter", "device", "received", "dropped"]),
      /** What came back: an ICMP error, a reply, the other direction of a connection. */
      answer: z.boolean(),
      interface: adapterText.nullable(),
      namespace: kernelNamespace,
      ttl: count,
      /** Of the packet, or of the original datagram in an ICMP error; absent where they are as before. */
      ends: z
        .object({
          source: addressText,
          destination: addressText,
          sourcePort: count.nullable(),
          destinationPort: count.nullable(),
        })
        .optional(),
      /** Of a drop. */
      reason: text.nullable().optional(),
      atMs: z.number(),
    }),
  ),
});
export type KernelProbe = z.infer<typeof kernelProbe>;

/** Counters of the whole namespace that rose while packets were sent: whoever sent or received them. */
export const kernelCounters = z.object({
  kind: z.literal("kernel-counters"),
  changes: z.array(z.object({ counter: text, delta: count })),
});
export type KernelCounters = z.infer<typeof kernelCounters>;

export const kernelWatchEnded = z.object({
  kind: z.literal("kernel-watch-ended"),
  /** Records for which the kernel or the tool had no room: with any, a missing event means nothing. */
  lost: count,
  /** Drops beyond those that a recording keeps. */
  unlisted: count,
});
export type KernelWatchEnded = z.infer<typeof kernelWatchEnded>;

/** A rise of a counter while the SYNs were out; null where this kernel does not have it. */
const rise = z.number().nullable();

const counterTrial = z.object({
  /** SYNs to the target's port, each of a connection of its own. */
  connects: count,
  accepted: count,
  /** Ended by a reset or port unreachable meanwhile. */
  refused: count,
  /** By IP, before its output filters and behind them; by the route's interface. */
  made: rise,
  transmitted: rise,
  deviceSent: rise,
  /** By IP, and those of them of which the kernel counts what became. */
  received: rise,
  accounted: rise,
  reverseFiltered: rise,
});
export type CounterTrial = z.infer<typeof counterTrial>;

/** What the counters of the namespace did while a few SYNs were out: whether they are about them. */
export const counterCheck = z.object({
  kind: z.literal("counter-check"),
  address: addressText,
  family,
  port: count,
  /** The interface of the route. */
  device: adapterText,
  trials: z.array(counterTrial),
});
export type CounterCheck = z.infer<typeof counterCheck>;

/** Every kind of event above. */
export const KERNEL_EVENTS = [
  kernelWatch,
  kernelDrop,
  kernelFlow,
  kernelProbe,
  kernelCounters,
  kernelWatchEnded,
  counterCheck,
] as const;
