// The real PowerShell engine for tests, where the machine has one as `pwsh` in its PATH.

import { execFileSync } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

// biome-ignore lint/style/noProcessEnv: tests look for a program as a shell would
const environment = { ...process.env };

/** The absolute path of pwsh, null when PATH has none. */
export const ENGINE: string | null =
  (environment.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, "pwsh"))
    .find(isProgram) ?? null;

/** The reason that a skipped test gives. */
const NO_ENGINE = "there is no pwsh in PATH: install PowerShell 7";

/** How the engine is run: "5.1" and the language mode are understood by the engine host of the tests only. */
export const ENGINE_FORMS = [
  { form: "PowerShell 7", variables: {} },
  { form: "as 5.1", variables: { PSHOST_VERSION: "5.1" } },
  {
    form: "ConstrainedLanguage",
    variables: { PSHOST_LANGUAGE: "ConstrainedLanguage" },
  },
  {
    form: "as 5.1 in ConstrainedLanguage",
    variables: { PSHOST_VERSION: "5.1", PSHOST_LANGUAGE: "ConstrainedLanguage" },
  },
] as const;

type Variables = Readonly<Record<string, string | undefined>>;

let plays: boolean | null = null;

/** Why a form cannot be run here, null when it can: an installed PowerShell 7 does not play an older one. */
export function whyNotRun(variables: Variables): string | null {
  if (ENGINE === null) return NO_ENGINE;
  if (Object.keys(variables).length === 0) return null;
  plays ??=
    runEngineFile("$PSVersionTable.PSVersion.Major", { PSHOST_VERSION: "5.1" }).trim() === "5";
  return plays ? null : "this pwsh knows no PSHOST_VERSION and PSHOST_LANGUAGE";
}

const TIMEOUT_MS = 120_000;

/** What a script printed, run as a file. */
export function runEngineFile(script: string, variables: Variables = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "wsl-trace-engine-"));
  const file = join(folder, "test.ps1");
  try {
    writeFileSync(file, script);
    return execFileSync(ENGINE ?? "pwsh", ["-NoProfile", "-NonInteractive", "-File", file], {
      env: { ...environment, USERPROFILE: folder, ...variables },
      encoding: "utf8",
      timeout: TIMEOUT_MS,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the engine prints when it gets these arguments and this input. */
export function runEngine(args: readonly string[], input: string, variables: Variables): string {
  return execFileSync(ENGINE ?? "pwsh", [...args], {
    env: { ...environment, ...variables },
    encoding: "utf8",
    timeout: TIMEOUT_MS,
    input,
  });
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
