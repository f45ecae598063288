// npm test: the same set-up, then every check. Its last line has how many tests passed and failed.

import { enter } from "./entry.mjs";

enter(() => import("./all-checks.mjs"), "0 passed, 1 failed\n");
