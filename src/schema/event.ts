// What the probes report: the closed union of events that a recording holds and the Path is folded from.

import * as z from "zod";
import { DATAGRAM_EVENTS } from "./events/datagram.ts";
import { DNS_EVENTS } from "./events/dns.ts";
import { DNS_REPLY_EVENTS } from "./events/dns-replies.ts";
import { GUEST_EVENTS } from "./events/guest.ts";
import { HOST_PROBE_EVENTS } from "./events/host-probe.ts";
import { INBOUND_EVENTS } from "./events/inbound.ts";
import { KERNEL_EVENTS } from "./events/kernel.ts";
import { OPEN_FLOW_EVENTS } from "./events/open-flow.ts";
import { PROBE_EVENTS } from "./events/probe.ts";
import { PROGRAM_EVENTS } from "./events/program.ts";
import { RUN_EVENTS } from "./events/run.ts";
import { SSH_EVENTS } from "./events/ssh.ts";
import { TCP_EVENTS } from "./events/tcp.ts";
import { TCP_CHECK_EVENTS } from "./events/tcp-check.ts";
import { TRANSFER_EVENTS } from "./events/transfer.ts";
import { WATCH_EVENTS } from "./events/watch.ts";
import { WEB_EVENTS } from "./events/web.ts";
import { idText } from "./text-kinds.ts";

export const eventBody = z.discriminatedUnion("kind", [
  ...RUN_EVENTS,
  ...PROGRAM_EVENTS,
  ...GUEST_EVENTS,
  ...HOST_PROBE_EVENTS,
  ...DNS_EVENTS,
  ...DNS_REPLY_EVENTS,
  ...TCP_EVENTS,
  ...TCP_CHECK_EVENTS,
  ...TRANSFER_EVENTS,
  ...OPEN_FLOW_EVENTS,
  ...WEB_EVENTS,
  ...PROBE_EVENTS,
  ...DATAGRAM_EVENTS,
  ...SSH_EVENTS,
  ...KERNEL_EVENTS,
  ...WATCH_EVENTS,
  ...INBOUND_EVENTS,
]);
/** An event before the trace gave it its id and time. */
export type EventBody = z.infer<typeof eventBody>;

export const stamp = z.object({
  /** "e1", "e2", ... in order of emission. */
  id: idText.regex(/^e\d+$/),
  /** Since the run began. */
  atMs: z.number(),
});

export const probeEvent = z.intersection(stamp, eventBody);
export type ProbeEvent = z.infer<typeof stamp> & EventBody;
