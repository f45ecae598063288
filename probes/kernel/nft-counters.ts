// Counters of nftables' rules that drop: loaded only where root could list any.

import * as z from "zod";
import type { Row } from "./counter-row.ts";

/** @param text what `nft -j list ruleset` prints (libnftables-json(5)) */
export function parseNft(text: string): readonly Row[] {
  const parsed = nftOutput.safeParse(parseJson(text));
  if (!parsed.success) return [];
  return parsed.data.nftables.flatMap(({ rule }): Row[] => {
    if (rule === undefined) return [];
    const drops = rule.expr.some((part) => "drop" in part || "reject" in part);
    const counted = rule.expr.find((part) => part.counter !== undefined)?.counter;
    const name = `nft ${rule.family} ${rule.table} ${rule.chain} handle ${rule.handle}`;
    return drops && counted !== undefined ? [[name, counted.packets]] : [];
  });
}

const nftOutput = z.object({
  nftables: z.array(
    z.object({
      rule: z
        .object({
          family: z.string(),
          table: z.string(),
          chain: z.string(),
          handle: z.number(),
          expr: z.array(
            z.looseObject({
              counter: z.object({ packets: z.number() }).optional().catch(undefined),
            }),
          ),
        })
        .optional(),
    }),
  ),
});

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
