// Pieces that several kinds of event share.

import * as z from "zod";

export const family = z.union([z.literal(4), z.literal(6)]);
export type Family = z.infer<typeof family>;

export const text = z.string();
export const count = z.number().int().nonnegative();
