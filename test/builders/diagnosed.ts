// Runs by hand, and what is diagnosed of them.

import { diagnosisOf as diagnose } from "../../src/report/diagnosis.ts";
import type { EventBody } from "../../src/schema/event.ts";
import type { Diagnosis, Finding } from "../../src/schema/verdict.ts";
import { pathOf } from "./events.ts";
import { type RunOptions, run } from "./runs.ts";

/** A run, and events behind its last one. */
export type More = RunOptions & { readonly extra?: readonly EventBody[] };

export function diagnosed({ extra = [], ...options }: More): Diagnosis {
  return diagnose(pathOf(...run(options), ...extra));
}

/** "port-filtered fault", one for each finding. */
export function causes(options: More): readonly string[] {
  return diagnosed(options).findings.map(({ cause, severity }) => `${cause} ${severity}`);
}

export function first(options: More): Finding | undefined {
  return diagnosed(options).findings[0];
}

/** A run that ends with the names. */
export const NOTHING_TRACED = { tcp: [], udp: [], lookups: [] } as const;
