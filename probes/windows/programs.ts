// Where Windows' programs are, as absolute paths: below a drive of Windows, else in PATH.

import type { InteropState } from "../linux/interop.ts";
import type { System } from "../system.ts";

const SYSTEM32 = "Windows/System32";

/** PowerShell by its folders: Windows PowerShell 5.1, which every Windows has, before PowerShell 7. */
const POWERSHELL_FOLDERS = [
  { folder: `${SYSTEM32}/WindowsPowerShell/v1.0`, name: "powershell.exe" },
  { folder: "Program Files/PowerShell/7", name: "pwsh.exe" },
];

/** The absolute path of PowerShell, null when neither a drive nor PATH has it. */
export async function findPowerShell(
  system: System,
  interop: InteropState,
  searchPath: string,
): Promise<string | null> {
  for (const { folder, name } of POWERSHELL_FOLDERS) {
    const found = await onDrives(system, interop, folder, name);
    if (found !== null) return found;
  }
  for (const { name } of POWERSHELL_FOLDERS) {
    const found = await inSearchPath(system, searchPath, name);
    if (found !== null) return found;
  }
  return null;
}

/** A program of System32, such as ipconfig.exe. */
export async function findSystemProgram(
  system: System,
  interop: InteropState,
  searchPath: string,
  name: string,
): Promise<string | null> {
  const found = await onDrives(system, interop, SYSTEM32, name);
  return found ?? inSearchPath(system, searchPath, name);
}

async function onDrives(
  system: System,
  interop: InteropState,
  folder: string,
  name: string,
): Promise<string | null> {
  for (const { mountPoint } of interop.drives) {
    const found = await inFolder(system, `${mountPoint.replace(/\/$/, "")}/${folder}`, name);
    if (found !== null) return found;
  }
  return null;
}

/** Relative entries of PATH are left out: they would mean whatever folder this runs in. */
async function inSearchPath(
  system: System,
  searchPath: string,
  name: string,
): Promise<string | null> {
  for (const folder of searchPath.split(":").filter((entry) => entry.startsWith("/"))) {
    const found = await inFolder(system, folder, name);
    if (found !== null) return found;
  }
  return null;
}

async function inFolder(system: System, folder: string, name: string): Promise<string | null> {
  const names = await system.listDirectory(folder).catch(() => []);
  // Windows' file names have no letter case of their own.
  const own = names.find((candidate) => candidate.toLowerCase() === name);
  return own === undefined ? null : `${folder.replace(/\/$/, "")}/${own}`;
}

/** Why nothing of Windows can be run. */
export const NO_POWERSHELL = "neither a Windows drive nor PATH has powershell.exe or pwsh.exe";
