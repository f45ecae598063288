// The lab's powershell.exe: a script in the vantage's PATH that runs the lab's Windows in the host's namespace.

import { join } from "node:path";
import type { LabSystem } from "../lab-system.ts";
import { type Command, inNamespace } from "../network/namespace.ts";
import { serversOf } from "../programs/lab-programs.ts";
import type { Scenario } from "../scenarios/scenario.ts";

export interface PowerShellFiles {
  /** The folder that comes first in PATH. */
  readonly windows: string;
  readonly snapshotFile: string;
}

export async function writePowerShell(
  { system, labWindows }: { readonly system: LabSystem; readonly labWindows: Command | null },
  scenario: Scenario,
  host: string,
  { windows, snapshotFile }: PowerShellFiles,
): Promise<void> {
  if (labWindows === null) return;
  const settings = join(windows, "settings.json");
  const argv = [labWindows.file, ...labWindows.args, settings, snapshotFile];
  const { file, args } = inNamespace(host, argv);
  const program = join(windows, "powershell.exe");
  await system.writeText(settings, JSON.stringify({ servers: serversOf(scenario) }));
  await system.writeProgram(
    program,
    `#!/bin/sh\nexec ${[file, ...args].map(quoted).join(" ")} "$@"\n`,
  );
}

/** For a shell; the paths are ours, and may still hold a space. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
