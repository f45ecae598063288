// Runs a script in one elevated PowerShell of Windows: the UAC prompt is the user's to answer.

import type { System } from "../system.ts";

/** Long enough for somebody to read the prompt. */
const LIMIT_MS = 300_000;

/** @returns its exit code; 1 where the prompt was refused, -1 where there is no PowerShell */
export async function runElevated(system: System, script: string): Promise<number> {
  const encoded = Buffer.from(`${script}\r\n`, "utf16le").toString("base64");
  // Base64 needs no quoting. The exit code of what was elevated is what Start-Process gives with -PassThru.
  const start = `$p = Start-Process powershell.exe -Verb RunAs -Wait -PassThru -ArgumentList '-NoProfile','-EncodedCommand','${encoded}'; exit $p.ExitCode`;
  const { exitCode } = await system.run(
    "powershell.exe",
    ["-NoProfile", "-NonInteractive", "-Command", start],
    { timeoutMs: LIMIT_MS },
  );
  return exitCode;
}
