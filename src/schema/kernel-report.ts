// What this machine's kernel saw of the run's packets, hop by hop: a part of the report.

import * as z from "zod";

const count = z.number().int();
const address = z.object({ source: z.string(), destination: z.string() });

export const kernelReport = z.object({
  hops: z
    .array(
      z.object({
        /** Of the probes; null: the connections. */
        ttl: count.nullable(),
        /** Left their socket. */
        sent: count,
        /** Behind netfilter's last hook, in the queue of a device. */
        netfilter: count,
        /** Handed to the device's driver. */
        device: count,
        /** Something that answers came in from a device, before any hook of netfilter. */
        returned: count,
        /** The socket got an answer. */
        answered: count,
        dropped: count,
        evidence: z.array(z.string()).readonly(),
      }),
    )
    .readonly(),
  /** Other network namespaces of this machine that they passed, in their order (--all-netns). */
  namespaces: z
    .array(
      z.object({
        name: z.string(),
        received: z.string().nullable(),
        sent: z.string().nullable(),
        packets: count,
        /** Addresses that a NAT changed there; null where they stayed. */
        translated: z.object({ from: address, to: address }).nullable(),
      }),
    )
    .readonly(),
  notObservable: z.array(z.string()).readonly(),
});
export type KernelReport = z.infer<typeof kernelReport>;
