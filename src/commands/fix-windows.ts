// The fixes for Windows, through one elevated PowerShell whose script is shown first.

import type { Report } from "../schema/report.ts";
import type { Fix } from "../schema/verdict.ts";
import { mayGoOn } from "./fix-ask.ts";
import type { FixDeps, FixRequest, KeptRun } from "./fix-port.ts";

/** Lines that end this distro, restart Windows, or wait for somebody. */
const BY_HAND = /^(wsl |notepad |Restart-Computer|Start-Process )/;

/** The report of the trace afterwards; null where nothing was done, or the distro has to be restarted first. */
export async function applyWindows(
  fixes: readonly Fix[],
  { argv }: KeptRun,
  request: Pick<FixRequest, "yes">,
  deps: FixDeps,
): Promise<Report | null> {
  for (const { title, commands } of fixes) {
    const script = commands.filter((line) => !BY_HAND.test(line));
    const rest = commands.filter((line) => BY_HAND.test(line));
    if (script.length === 0) {
      deps.print(`${title}, in PowerShell:\n${rest.map((line) => `  ${line}\n`).join("")}`);
      continue;
    }
    deps.print(`${title}: this runs in an elevated PowerShell, and is not taken back by --undo:\n`);
    deps.print(`${script.map((line) => `  ${line}\n`).join("")}`);
    if (!(await mayGoOn(request, deps, "run it in Windows?"))) continue;
    const exitCode = await deps.runElevated(script.join("\r\n"));
    if (exitCode !== 0) {
      deps.print(`PowerShell ended with ${exitCode}\n`);
      continue;
    }
    if (rest.length > 0) {
      deps.print(
        `then, in PowerShell, and trace again:\n${rest.map((line) => `  ${line}\n`).join("")}`,
      );
      return null;
    }
    await deps.machine.flush();
    return deps.trace(argv);
  }
  return null;
}
