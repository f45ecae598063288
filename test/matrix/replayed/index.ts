// Every recording of the matrix.

import type { ReplayedScenario } from "../row.ts";
import { DISTRO_RECORDINGS } from "./distro.ts";
import { HOST_RECORDINGS } from "./host.ts";
import { INBOUND_RECORDINGS } from "./inbound.ts";
import { LIMIT_RECORDINGS } from "./limits.ts";
import { MIRRORED_RECORDINGS } from "./mirrored.ts";

export const REPLAYED: readonly ReplayedScenario[] = [
  ...DISTRO_RECORDINGS,
  ...HOST_RECORDINGS,
  ...LIMIT_RECORDINGS,
  ...INBOUND_RECORDINGS,
  ...MIRRORED_RECORDINGS,
];
