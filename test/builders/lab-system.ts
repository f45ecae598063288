// This machine as labs see it.

import { createLabSystem } from "../../probes/lab/src/lab-system.ts";
import { realSystem } from "../../probes/system.ts";

export const realLabSystem = createLabSystem(realSystem);
