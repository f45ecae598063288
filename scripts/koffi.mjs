// What the bundle takes for koffi: its native part, which has the whole interface. Of the package koffi itself it would need the search
// for that part alone, and that brings 1.8 MB of sources and an install script along.

import { createRequire } from "node:module";

export default createRequire(import.meta.url)(`@koromix/koffi-${process.platform}-${process.arch}`);
