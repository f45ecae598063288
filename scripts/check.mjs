// npm run check: what every commit has to pass, without the set-up. Arguments go on to vitest.

import { enter } from "./entry.mjs";

enter(() => import("./quick-checks.mjs"), "0 passed, 1 failed\n");
