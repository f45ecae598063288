// The lab behind the product's port: scenarios by name, and what of a report is not as they expect.

import type { LabPort } from "../../../src/commands/lab-port.ts";
import { differences } from "./compare.ts";
import { CANNOT_RUN, LabError } from "./error.ts";
import { createLab, type LabDependencies, type LabFactory } from "./lab.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import { scenarioNamed } from "./scenarios.ts";

/** What `wsl-trace lab` works with. */
export function createLabPort(deps: LabDependencies): LabPort {
  const factory = createLab(deps);
  return {
    build: async (name, { begin, ...options }) => {
      const scenario = knownScenario(name);
      await checkPackages(factory);
      const lab = await factory.build(scenario, {
        ...options,
        begin: (what) => begin(what, scenario),
      });
      return {
        ...lab,
        unexpected: (report) => differences(scenario, report).map(({ text }) => text),
      };
    },
    cleanLeftovers: factory.cleanLeftovers,
  };
}

function knownScenario(name: string): Scenario {
  const scenario = scenarioNamed(name);
  if (scenario !== undefined) return scenario;
  const message = `there is no lab scenario "${name}": wsl-trace lab list shows them`;
  throw new LabError("unknown-scenario", message);
}

async function checkPackages(factory: LabFactory): Promise<void> {
  const missing = await factory.missing();
  if (missing.length === 0) return;
  const names = missing.join(" ");
  throw new LabError(
    "lab-packages",
    `the lab needs Debian packages that are not installed (${names}): sudo apt-get update && sudo apt-get install -y ${names}`,
    CANNOT_RUN,
  );
}
