// Small segments over a connection that stays open, one after the other: what the path loses of data while new connections fail.

import * as z from "zod";
import { addressText } from "../text-kinds.ts";
import { count, family } from "./common.ts";

export const openFlow = z.object({
  kind: z.literal("open-flow"),
  address: addressText,
  family,
  port: count,
  /** Connections that were begun until one came about. */
  begun: count,
  /** Segments that were sent and acknowledged, each before the next: a packet in each direction. */
  roundTrips: count,
  /** What TCP had to send again meanwhile: the segment or its acknowledgement was lost. */
  repeated: count,
  ms: z.number(),
});
export type OpenFlow = z.infer<typeof openFlow>;

export const OPEN_FLOW_EVENTS = [openFlow] as const;
