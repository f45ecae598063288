// The scenario matrix: every network of the lab, and every recording for what no namespace can show.

import { SCENARIOS } from "../../probes/lab/src/scenarios.ts";
import { REPLAYED } from "./replayed/index.ts";
import type { LiveRow, Row } from "./row.ts";

export const LIVE_ROWS: readonly LiveRow[] = SCENARIOS.map((scenario) => ({
  kind: "live",
  scenario,
}));

export const REPLAYED_ROWS: readonly Row[] = REPLAYED.map((scenario) => ({
  kind: "replayed",
  scenario,
}));

export const ROWS: readonly Row[] = [...LIVE_ROWS, ...REPLAYED_ROWS];
