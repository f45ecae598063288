// How a script reaches PowerShell: over standard input behind a short fixed command, else on the command line itself.

export interface ScriptCommand {
  readonly over: "standard input" | "the command line";
  readonly args: readonly string[];
  /** Goes to standard input ahead of what the script reads there. */
  readonly head: string;
  /** Whether the script's extras were left out. */
  readonly shortened: boolean;
}

const OPTIONS = [
  "-NoLogo",
  "-NoProfile",
  "-NonInteractive",
  "-InputFormat",
  "Text",
  "-OutputFormat",
  "Text",
];

/**
 * Runs the script that is the first line of standard input, and leaves the other lines to it in $lines.
 * - It has no character that a shell, WSL or Windows quotes by a rule of its own.
 * - ConstrainedLanguage refuses [scriptblock]::Create and [Console]; a function may be set from text.
 * - $input is named here: PowerShell reads standard input only for a command that names it.
 * - Without a first line, or with half of one, it ends in an error, and nothing runs.
 */
const RUN_FIRST_LINE = [
  "$ErrorActionPreference = 'Stop'",
  "foreach ($line in $input) { break }",
  "$lines = $input",
  "$function:sent = (ConvertFrom-Json $line).script",
  "sent",
].join("; ");

/** One line of JSON: half of it is no script, and no code page changes it, since it is ASCII. */
export function overStandardInput(script: string): ScriptCommand {
  const json = JSON.stringify({ script }).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  const args = [...OPTIONS, "-Command", RUN_FIRST_LINE];
  return { over: "standard input", args, head: `${json}\n`, shortened: false };
}

/** CreateProcess takes 32767 characters (Microsoft: CreateProcessW, lpCommandLine), with the program's path. */
const MAX_COMMAND_LINE = 32_767;
/** For the program's path, and what WSL and Windows put around it: quotes, \\?\ before it. */
const ROOM = 1000;

/**
 * -EncodedCommand takes UTF-16LE in base64, 8 characters for 3 of the script: one that has no room goes without its
 * extras.
 * @returns null when that has no room either
 */
export function onCommandLine(script: string): ScriptCommand | null {
  const candidates = [script, withoutExtras(script)].map((text) => ({
    args: [...OPTIONS, "-EncodedCommand", encoded(text)],
    shortened: text !== script,
  }));
  const fitting = candidates.find(({ args }) => args.join(" ").length < MAX_COMMAND_LINE - ROOM);
  return fitting === undefined ? null : { over: "the command line", head: "", ...fitting };
}

function withoutExtras(script: string): string {
  return script.replace(/^#region extras\n.*?^#endregion\n/gms, "");
}

function encoded(script: string): string {
  return Buffer.from(compacted(script), "utf16le").toString("base64");
}

/**
 * Without comment lines and indentation, with the short names that every PowerShell has (about_CommonParameters,
 * about_Aliases), and with short ones for the script's own functions. The scripts have no here-strings.
 */
function compacted(script: string): string {
  return withShortFunctions(script)
    .replaceAll(" -ErrorAction ", " -EA ")
    .replaceAll(" | Where-Object ", " | ? ")
    .replaceAll(" | ForEach-Object ", " | % ")
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .join("\n");
}

const OWN_FUNCTION = /^function ([A-Z][A-Za-z]*-[A-Z][A-Za-z]*)/gm;

/** With a number in it, as no alias has one, which would be taken in a function's place. */
function withShortFunctions(script: string): string {
  return [...script.matchAll(OWN_FUNCTION)].reduce(
    (text, [, name = ""], n) =>
      text.replace(new RegExp(`(?<![\\w'"-])${name}(?![\\w'"-])`, "g"), `f${n}`),
    script,
  );
}
