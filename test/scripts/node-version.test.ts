// The Node version that the scripts ask for.

import { expect, it } from "vitest";
import { nodeProblem } from "../../scripts/node-version.mjs";

it.each(["20.19.0", "20.20.2", "22.0.0", "100.1.0"])("Node %s is new enough", (version) => {
  expect(nodeProblem(version, ">=20.19")).toBeNull();
});

it.each(["12.22.9", "18.20.8", "20.9.0", "20.18.3"])(
  "Node %s is too old, in one sentence",
  (version) => {
    const problem = nodeProblem(version, ">=20.19");
    expect(problem).toContain(`needs Node 20.19 or newer, and this is ${version}`);
    expect(problem).not.toContain("\n");
  },
);
