// Windows' cmdlets as functions in front of the collector: what they give is a piece of PowerShell.

import { readFileSync } from "node:fs";

const COLLECTOR = readFileSync(
  new URL("../../probes/windows/collect.ps1", import.meta.url),
  "utf8",
);

/** The sources that one cmdlet each gives. */
export const CMDLETS = [...COLLECTOR.matchAll(/Add-Rows '(Get-[A-Za-z]+)'/g)].map(
  ([, name = ""]) => name,
);

export interface StubCase {
  readonly name: string;
  /** The body of each stubbed command; those without one do not exist. */
  readonly stubs: Readonly<Record<string, string>>;
  /** Lines of standard input. */
  readonly questions?: readonly string[];
}

const MARK = "=====";

/** A script that runs the collector once for each case, each behind a line that names it. */
export function caseScript(cases: readonly StubCase[]): string {
  const runs = cases.map(({ name, stubs, questions = [] }) => {
    const defined = Object.entries(stubs).map(([command, body]) => stub(command, body));
    const lines = questions.map((line) => `'${line.replaceAll("'", "''")}'`).join(",");
    // A function ends with its scope, so each case starts without stubs.
    return `& {\n${defined.join("\n")}\n'${MARK}${name}'\n@(${lines}) | Invoke-Collector\n}`;
  });
  return `function Invoke-Collector {\n${COLLECTOR}\n}\n${runs.join("\n")}\n`;
}

/** What each case printed, by its name. */
export function caseOutputs(printed: string): ReadonlyMap<string, string> {
  const parts = printed.split(MARK).slice(1);
  return new Map(
    parts.map((part) => {
      const [name = "", ...text] = part.split("\n");
      return [name.trim(), text.join("\n").trim()];
    }),
  );
}

/** All the cmdlets with one body. */
export function everyCmdlet(body: string): Readonly<Record<string, string>> {
  return Object.fromEntries(CMDLETS.map((name) => [name, body]));
}

function stub(command: string, body: string): string {
  const parameters = command.endsWith(".exe")
    ? ""
    : "[CmdletBinding()] param($Name, $PolicyStore, $Type, $LiteralPath, $ComputerName, $Port, $InformationLevel, $FilterHashtable, $MaxEvents, [switch]$IncludeHidden, [switch]$Effective, [switch]$AllUserConnection, [switch]$QuickTimeout)";
  return `function ${command} { ${parameters}\n${body}\n}`;
}
