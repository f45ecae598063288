// Events about the run itself: what was requested, what was skipped, how it ended.

import * as z from "zod";
import { ENGINES, MAX_FLOWS, PORT_ORIGINS, SCHEMES, VANTAGE_POINTS } from "../run-choices.ts";
import {
  adapterText,
  addressText,
  hostText,
  targetPathText,
  targetText,
  timeText,
} from "../text-kinds.ts";
import { count, family, text } from "./common.ts";

export const target = z.object({
  /** What the user typed. */
  input: targetText,
  /** Name or address, without square brackets; an IPv6 zone stays on it. */
  host: hostText,
  port: z.number().int().min(1).max(65535),
  /** Who chose the port: the user, the URL's scheme, or nobody; absent in older recordings. */
  portOrigin: z.enum(PORT_ORIGINS).optional(),
  /** The protocol after connect; older recordings know "https" and "http" alone. */
  scheme: z.enum(SCHEMES),
  /** Path and query of the request, or what the protocol has in its place. */
  path: targetPathText,
});
export type Target = z.infer<typeof target>;

/** A mark of 32 bits for every packet, or none at all. */
export const markChoice = z.union([z.number().int().min(1).max(0xffffffff), z.literal("none")]);
export type MarkChoice = z.infer<typeof markChoice>;

const engine = z.enum(ENGINES);
export type Engine = z.infer<typeof engine>;

export const runOptions = z.object({
  family: z.union([family, z.null()]),
  /** How long the default attempt may hang, null for the limit that follows from the round-trip time. */
  timeoutMs: z.number().positive().nullable(),
  /** False: ends without waiting whether a hang recovers whose cause is known; absent: waits. */
  awaitRecovery: z.literal(false).optional(),
  maxHops: z.number().int().min(1).max(255),
  /** Flows to send where routers may balance them; recordings before it was kept have one. */
  flows: z.number().int().min(1).max(MAX_FLOWS).default(1),
  /** Whether the routers' names are looked up. */
  hopNames: z.boolean().default(true),
  /** Recordings before there was a choice have the first. */
  engine: engine.default("koffi"),
  hostSnapshot: z.enum(["file", "none", "auto"]),
  /** Must answer no echo; absent: an unassigned address of the target's family. */
  silentAddress: addressText.optional(),
  /** The interface that probes and connections leave by; absent: the routes' choice. */
  interface: adapterText.optional(),
  /** The network namespace that the run was in, as the user named it; absent: the user's own. */
  netns: text.optional(),
  /** Probes that leave in a second, at most; absent: a short burst, then one a millisecond. */
  rate: count.min(1).optional(),
  /** SO_MARK; absent: 0x57540000 and the number of the probe or the connection. */
  mark: markChoice.optional(),
  /** How much of an answer is read, however short it is; absent: some of a long one. */
  transferBytes: count.min(1).optional(),
  /** From where a service must be reachable; absent: from Windows. */
  reachableFrom: z.enum(VANTAGE_POINTS).optional(),
});
export type RunOptions = z.infer<typeof runOptions>;

/** Which part of the diagnosis was requested. */
export const runCommand = z.enum(["path", "dns", "mtu", "env", "run", "inbound"]);
export type RunCommand = z.infer<typeof runCommand>;

const runStarted = z.object({
  kind: z.literal("run-started"),
  version: text,
  startedAt: timeText,
  target,
  options: runOptions,
  /** Absent: the whole path. */
  command: runCommand.optional(),
});

/** How what this run sends is marked (SO_MARK), and what of the routing looks at that. */
export const packetMarks = z.object({
  kind: z.literal("packet-marks"),
  /** Null: nothing is marked. */
  mark: count.nullable(),
  /** A probe and a connection have their number in the lower 16 bits, all else 0. */
  numbered: z.boolean(),
  /** Why nothing is marked. */
  reason: text.nullable(),
  /** Rules that treat packets with the mark otherwise than packets without. */
  rules: z.array(
    z.object({
      family,
      priority: count,
      mark: count,
      mask: count,
      inverted: z.boolean(),
      table: count,
    }),
  ),
  /** The same of nftables, by family, table, chain and handle; absent in older recordings. */
  nft: z
    .array(
      z.object({
        family: text,
        table: adapterText,
        chain: adapterText,
        handle: count,
        /** Null where the mark is compared with more than one number. */
        mark: count.nullable(),
        mask: count.nullable(),
        inverted: z.boolean(),
      }),
    )
    .optional(),
});
export type PacketMarks = z.infer<typeof packetMarks>;

const probeSkipped = z.object({
  kind: z.literal("probe-skipped"),
  probe: text,
  reason: text,
});

const runEnded = z.object({
  kind: z.literal("run-ended"),
  durationMs: z.number(),
  /** The signal that ended it early, null when it ran to its end. */
  interrupted: text.nullable(),
});

/** Every kind of event above. */
export const RUN_EVENTS = [runStarted, packetMarks, probeSkipped, runEnded] as const;
