// The last run, kept for `wsl-trace fix`: its recording, and how it was started.

import { resolve } from "node:path";
import { type Owner, openStateFolder } from "../../probes/fixing/state-folder.ts";
import type { PathCommand } from "../commands/path-command.ts";
import type { ProbeEvent } from "../schema/event.ts";
import { recordingHeader, recordingLine } from "../schema/recording-lines.ts";

export const LAST_RECORDING = "last.ndjson";
export const LAST_COMMAND = "last.json";

/** How it was started. */
export interface LastCommand {
  readonly command: "path" | "dns" | "mtu" | "inbound";
  readonly target: string;
  readonly options: readonly string[];
}

/** What writes a file or another form of the report: the run that follows is for its report alone. */
const OUTPUTS_WITH_VALUE = new Set([
  "--report",
  "--record",
  "--pcap",
  "--otlp",
  "--lang",
  "--theme",
]);
const OUTPUTS = new Set([
  "--json",
  "--quiet",
  "--explain-run",
  "--ascii",
  "--redact-target",
  "--no-redact",
]);

/** Their values are files where they are no such word. */
const FILES: Readonly<Record<string, readonly string[]>> = {
  "--host-snapshot": ["auto", "none"],
  "--ca": [],
};

/** The options that decide what is measured, as they hold in every folder. */
function measuringOptions(options: readonly string[], cwd: string): readonly string[] {
  return options.flatMap((option, index) => {
    const before = options[index - 1] ?? "";
    if (OUTPUTS.has(option) || OUTPUTS_WITH_VALUE.has(option) || OUTPUTS_WITH_VALUE.has(before)) {
      return [];
    }
    const words = Object.hasOwn(FILES, before) ? FILES[before] : undefined;
    return words === undefined || words.includes(option) ? [option] : [resolve(cwd, option)];
  });
}

/** Its file; null: a run is worth as much without this, and what cannot be written is not kept. */
export function keepLastRun(
  own: Owner & WorkingFolder,
  events: readonly ProbeEvent[],
  how: (cwd: string) => LastCommand,
): string | null {
  try {
    const command = how(own.cwd());
    const folder = openStateFolder(own);
    const text = recordingHeader() + events.map(recordingLine).join("");
    const file = folder?.write(LAST_RECORDING, text) ?? null;
    folder?.write(LAST_COMMAND, JSON.stringify(command));
    return file;
  } catch {
    // A full disk, a home that is read-only, a working folder that is deleted: `fix` says then that there is no run.
    return null;
  }
}

interface WorkingFolder {
  /** Throws ENOENT where the folder is gone (getcwd(3)). */
  readonly cwd: () => string;
}

export function lastCommandOf(
  { targetsAsTyped, optionsAsTyped }: Pick<PathCommand, "targetsAsTyped" | "optionsAsTyped">,
  index: number,
  command: LastCommand["command"],
  cwd: string,
): LastCommand {
  const target = targetsAsTyped[index] ?? "";
  return { command, target, options: measuringOptions(optionsAsTyped, cwd) };
}
