// Before each file: one seed for every property, so that a run is the same as the last; a failure prints it.

import fc from "fast-check";

const SEED = 20_261_123;

fc.configureGlobal({ seed: SEED });
