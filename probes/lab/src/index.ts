// The lab as the product loads it: its scenarios at once, and what builds them when one is to be built.

export { SCENARIOS } from "./scenarios.ts";

/** Apart: a list of the scenarios needs none of its libraries, which are most of what there is to load. */
export const loadBuilder = () => import("./builder.ts");
