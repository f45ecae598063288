// npm start: sets everything up, then traces once in the lab. Plain Node, no dependency.

import { enter } from "./entry.mjs";

enter(() => import("./main-job.mjs"));
