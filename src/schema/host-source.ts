// What the run knows of the Windows host, and from where: a query in this run, a file, or nothing.

import * as z from "zod";

export const hostSource = z.object({
  origin: z.enum(["file", "interop", "none"]),
  /** Why there is nothing, or less than there could be; null where nothing is missing. */
  reason: z.string().nullable(),
  collectedAt: z.string().nullable(),
  /** How much older than the run a saved snapshot is; null when it is not, or has no date. */
  age: z.string().nullable(),
  /** How this distro stands to that host: "unrelated" and "unknown" leave its routes out of the diagnosis. */
  relation: z.enum(["nat", "same-host", "unrelated", "unknown"]).nullable(),
  because: z.string().nullable(),
});
export type HostSource = z.infer<typeof hostSource>;
