// The need of a run about a service of the distro.

import type { Facts } from "../../facts/facts.ts";
import { notChecked } from "../outcome.ts";
import { sayNeed } from "../words.ts";
import { met } from "./met.ts";

export function service({ service: found }: Facts) {
  return found === null ? notChecked(sayNeed("noService")) : met(found);
}
