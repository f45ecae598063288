// `npm run test:kernels`: the tool under other kernels than this machine's. Arguments: series such as 6.1.

import { enter } from "./entry.mjs";

enter(() => import("./kernels/main.mjs"));
