// What the lab and the program that it runs inside a namespace say to each other, one JSON a line.

import { z } from "zod";

const server = z.object({
  addresses: z.array(z.string()),
  behaviour: z.enum(["answer", "refuse"]),
  zone: z.record(z.string(), z.array(z.string())),
});
export type DnsServerConfig = z.infer<typeof server>;

const web = z.object({
  /** PEM: leaf first, then the intermediate. */
  chain: z.string(),
  key: z.string(),
  bodyBytes: z.number().int(),
});
export type WebServerConfig = z.infer<typeof web>;

/** The first line: what to serve. The program answers {"ready":true} when all of it listens. */
export const labHostConfig = z.object({ dns: z.array(server), web: web.nullable() });
export type LabHostConfig = z.infer<typeof labHostConfig>;

/** Any further line: what to try from inside, as Windows would. */
export const labHostRequest = z.discriminatedUnion("try", [
  z.object({
    try: z.literal("resolve"),
    name: z.string(),
    /** In the order that Windows asks them. */
    servers: z.array(z.string()),
  }),
  z.object({ try: z.literal("reach"), address: z.string(), port: z.number().int() }),
]);
export type LabHostRequest = z.infer<typeof labHostRequest>;

/** A row of "resolve" in a host snapshot. */
export const resolveRow = z.object({
  name: z.string(),
  addresses: z.array(z.string()),
  servers: z.array(z.string()),
  ms: z.number().nullable(),
  error: z.string().nullable(),
});

/** A row of "reach" in a host snapshot. */
export const reachRow = z.object({
  address: z.string(),
  port: z.number(),
  ok: z.boolean(),
  ms: z.number().nullable(),
  error: z.string().nullable(),
});

/** The answers, in the order of the requests. */
export const labHostAnswer = z.union([
  z.object({ ready: z.literal(true) }),
  z.object({ failed: z.string() }),
  z.object({ row: z.union([resolveRow, reachRow]) }),
]);
export type LabHostAnswer = z.infer<typeof labHostAnswer>;
