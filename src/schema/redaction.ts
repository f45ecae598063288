// What a report says of its own redaction: kinds and numbers, never an original.

import * as z from "zod";

export const redaction = z.object({
  /** False: real names and addresses, on request. */
  applied: z.boolean(),
  replaced: z
    .array(
      z.object({
        kind: z.string(),
        /** Different originals. */
        values: z.number().int(),
        /** Places where one stood. */
        times: z.number().int(),
      }),
    )
    .readonly(),
});
