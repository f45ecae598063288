// The scripts by which an administrator's part of the snapshot is read: what asks for the prompt, and what then runs.

import { onCommandLine } from "./script-command.ts";

const SCHEMA = '"schema":"wsl-trace.host/1"';

/** Gives the user's folder as UTF-16 units, which no code page changes, in the shape of a snapshot. */
export const ASK_FOLDER = `$units = @([int[]][char[]]"$env:USERPROFILE")
'{${SCHEMA},"sources":{"folder":[' + [string]::Join(',', $units) + ']}}'`;

/** What asked for the prompt found out itself. */
export type Unread = "refused" | "nothing-written";

export interface ElevatedScript {
  readonly collector: string;
  readonly part: string;
  /** In Windows' own form. */
  readonly file: string;
  /** Addresses of the distro alone. */
  readonly guests: readonly string[];
}

/** What runs as administrator; null where a command line has no room for it. */
export function elevatedCommand(script: ElevatedScript): string | null {
  const command = onCommandLine(elevatedScript(script));
  return command?.shortened === false ? (command.args.at(-1) ?? null) : null;
}

/** Without extras in its own name, as none may be left out; a file of that name is never written over. */
function elevatedScript({ collector, part, file, guests }: ElevatedScript): string {
  const regions = regionsOf(collector, "extras").join("\n");
  return [
    `$file = ${text(file)}`,
    `$guests = @(${guests.map(text).join(",")})`,
    ...regionsOf(collector, "shared"),
    regions,
    part,
    "$snapshot = @(",
    ...regionsOf(collector, "answer"),
    ")",
    "$null = New-Item -ItemType File -Path $file",
    "Set-Content -LiteralPath $file -Encoding Ascii -Value $snapshot",
    "",
  ].join("\n");
}

/** Asks for the prompt, waits, and prints what was written: without an administrator's rights itself. */
export function promptScript(command: string, file: string): string {
  return `$file = ${text(file)}
$started = $null
try { $started = Start-Process powershell.exe -Verb RunAs -Wait -PassThru -ArgumentList '-NoLogo','-NoProfile','-EncodedCommand','${command}' -ErrorAction Stop } catch { }
if ($null -eq $started) { '{${SCHEMA},"sources":{},"unread":"refused"}' }
elseif (Test-Path -LiteralPath $file) { Get-Content -LiteralPath $file; Remove-Item -LiteralPath $file }
else { '{${SCHEMA},"sources":{},"unread":"nothing-written"}' }
`;
}

function regionsOf(script: string, name: string): readonly string[] {
  const region = new RegExp(`^#region ${name}\\n(.*?)^#endregion$`, "gms");
  return [...script.matchAll(region)].map(([, body = ""]) => body);
}

/** As the numbers of its UTF-16 units: nothing of it is read as PowerShell, whatever is in it. */
function text(value: string): string {
  const units = Array.from({ length: value.length }, (_, n) => value.charCodeAt(n));
  return `[string]::Join('', [char[]](${units.join(",")}))`;
}
