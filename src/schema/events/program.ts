// Events of a program that was followed: itself, and its connections as the kernel counted them.

import * as z from "zod";
import { addressText, hostText } from "../text-kinds.ts";
import { count, family, text } from "./common.ts";
import { tcpInfo } from "./tcp.ts";

/** What a connection was doing when it was last looked at; src/program/condition.ts says by what each is known. */
export const connectionCondition = z.enum([
  /** Nobody acknowledges its end, or the kernel's keep-alive probes: it is dead, whatever the program does. */
  "gone",
  /** A connection request that nobody answers. */
  "connecting",
  /** What was sent is not acknowledged. */
  "sending",
  /** Segments came behind one that is missing. */
  "gap",
  /** A long flow has stopped, at its end or in the middle. */
  "cut-off",
  /** A name server that was asked has not answered. */
  "looking-up",
  /** All that was sent is acknowledged, and nothing came back. */
  "awaiting",
  /** It moves, and loses much of what is sent. */
  "crawling",
  /** The other end takes no more for now. */
  "other-end-full",
  /** What came has not been read. */
  "program-does-not-read",
  "idle",
]);
export type ConnectionCondition = z.infer<typeof connectionCondition>;

const programConnection = z.object({
  kind: z.literal("program-connection"),
  /** The program that holds it, as it calls itself. */
  program: text,
  protocol: z.enum(["tcp", "udp"]),
  family,
  address: addressText,
  port: count,
  /** What the program's command line calls the other end; null where that cannot be seen. */
  name: hostText.nullable(),
  /** Since the program was followed. */
  openedAtMs: z.number(),
  condition: connectionCondition,
  /** For how long nothing moved. */
  silentMs: z.number(),
  closed: z.boolean(),
  /** Closed unaccepted, or before an answer. */
  failed: z.boolean(),
  /** The other end began it; absent: this one. */
  accepted: z.literal(true).optional(),
  /** Whether this is the one that was diagnosed. */
  diagnosed: z.boolean(),
  info: tcpInfo.nullable(),
});
export type ProgramConnection = z.infer<typeof programConnection>;

/** Why something of the program may have been missed. */
export const unseen = z.enum([
  /** Another user's process, or one that lets nobody look (sudo, a sandbox). */
  "other-users",
  /** Closed before its owner was seen. */
  "short-lived",
  /** One of those failed. */
  "short-lived-failure",
  /** The kernel told of more ends than could be heard. */
  "events-lost",
  /** Names are looked up by a service of the system. */
  "names-through-a-service",
]);
export type Unseen = z.infer<typeof unseen>;

const followedProgram = z.object({
  kind: z.literal("program"),
  name: text,
  /** It ran before it was followed. */
  attached: z.boolean(),
  /** Null: a signal ended it, or it still runs. */
  exitCode: z.number().int().nullable(),
  signal: text.nullable(),
  durationMs: z.number(),
  /** All that were seen, those that have no event of their own too. */
  connections: count,
  unseen: z.array(unseen),
});
export type FollowedProgram = z.infer<typeof followedProgram>;

/** Every kind of event above. */
export const PROGRAM_EVENTS = [programConnection, followedProgram] as const;
