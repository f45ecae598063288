// npm run package: what is installed where the network is broken: one file, a folder in a .tar.gz, and a .deb, for each architecture.

import { enter } from "./entry.mjs";

enter(() => import("./package/main.mjs"));
