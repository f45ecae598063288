// Before npm packs: the packages and the bundle, so that a fresh clone packs whole.

import { enter } from "./entry.mjs";

enter(() => import("./prepack-job.mjs"));
