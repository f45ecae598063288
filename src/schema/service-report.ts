// Who serves a port of the distro, and who reaches it, as published.

import * as z from "zod";

export const serviceReport = z.object({
  port: z.number().int(),
  /** Addresses of the distro that it is served on; null where they could not be read. */
  listeners: z.array(z.string()).readonly().nullable(),
  /** Nobody served it, and the run itself listened. */
  ownListener: z.boolean(),
  /** Where a port of the distro is forwarded to, as Docker publishes one; null where the rules could not be read. */
  forwards: z.array(z.string()).readonly().nullable(),
  ways: z
    .array(
      z.object({
        from: z.enum(["distro", "windows", "lan", "vpn"]),
        address: z.string(),
        state: z.enum(["reached", "refused", "silent", "denied", "unreachable", "unknown"]),
        /** Why it is unknown, or what was reported. */
        reason: z.string().nullable(),
      }),
    )
    .readonly(),
});
export type ServiceReport = z.infer<typeof serviceReport>;
