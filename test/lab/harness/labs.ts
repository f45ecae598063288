// Labs inside the test's own process, built from the sources.

import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { createLab, type Lab, type LabFactory } from "../../../probes/lab/src/lab.ts";
import type { LabSystem } from "../../../probes/lab/src/lab-system.ts";
import type { Scenario } from "../../../probes/lab/src/scenarios/scenario.ts";
import { scenarioNamed } from "../../../probes/lab/src/scenarios.ts";
import { systemClock } from "../../../src/clock.ts";
import { realLabSystem } from "../../builders/lab-system.ts";
import { bundleLabHost } from "./lab-host-bundle.ts";

export interface TestLabs {
  readonly factory: LabFactory;
  /** Like factory.build, for a scenario or its name. */
  build(scenario: Scenario | string): Promise<Lab>;
  /** What the lab last reported about how it was built. */
  readonly said: string[];
  /** Removes every lab that was built. */
  close(): Promise<void>;
}

/** One for a test file; close it in afterAll. */
export async function openLabs(system: LabSystem = realLabSystem): Promise<TestLabs> {
  const bundle = await bundleLabHost();
  const factory = createLab({
    system,
    clock: systemClock,
    labHost: bundle.command,
    labWindows: null,
  });
  const labs: Lab[] = [];
  const said: string[] = [];
  return {
    factory,
    said,
    build: async (scenario) => {
      const wanted = typeof scenario === "string" ? scenarioOf(scenario) : scenario;
      const { signal } = new AbortController();
      const lab = await factory.build(wanted, { signal, notify: (line) => said.push(line) });
      labs.push(lab);
      return lab;
    },
    close: async () => {
      for (const lab of labs) await lab.dispose();
      await bundle.remove();
    },
  };
}

/** The scenario of that name, which the test knows to exist. */
export function scenarioOf(name: string): Scenario {
  const scenario = scenarioNamed(name);
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  return scenario;
}

/** Everything that labs of that process left on the machine. */
export async function tracesOf(pid: number): Promise<readonly string[]> {
  const folders = ["/run/netns", "/var/run/wireguard", tmpdir()];
  const names = await Promise.all(folders.map((folder) => readdir(folder).catch(() => [])));
  const own = new RegExp(`^(wt${pid}[a-z]|wsl-trace-lab-${pid}-)`);
  return names.flat().filter((name) => own.test(name));
}

/** Why no lab can run here; a suite that skips has it in its name. */
export const whyNoLab = realLabSystem.isRoot ? null : "it needs root";
