// How sure the sizes make both outbound black-hole rules.

import type { Facts } from "../../../facts/facts.ts";
import type { Grade } from "../../confidence.ts";

/** Where one size passed and the next did not, it is measured; a range leaves something to conclude. */
export function outboundConfidence({ outbound }: Facts): Grade {
  if (outbound.balanced?.isByPort === true) return "measured";
  return outbound.estimate.exact ? "measured" : "inferred";
}
