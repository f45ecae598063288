// `npm run roots`: every form of the package in clean systems. Arguments: --only PART, --write.

import { enter } from "./entry.mjs";

enter(() => import("./roots/main.mjs"));
