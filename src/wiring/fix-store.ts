// The user's folder of state as `wsl-trace fix` reads and writes it: the last run, the journal, copies of files.

import * as z from "zod";
import type { StateFolder } from "../../probes/fixing/state-folder.ts";
import type { FixStore } from "../commands/fix-port.ts";
import { reportOf } from "../commands/replay.ts";
import { EXIT, TraceError } from "../errors.ts";
import { EMPTY_JOURNAL, journal } from "../fixing/journal.ts";
import { LAST_COMMAND, LAST_RECORDING } from "./last-run.ts";

const JOURNAL = "journal.json";

const lastCommand = z.object({
  command: z.enum(["path", "dns", "mtu", "inbound"]),
  target: z.string(),
  options: z.array(z.string()).readonly(),
});

export function createFixStore(folder: StateFolder): FixStore {
  return {
    lastRun: async () => {
      const recording = folder.read(LAST_RECORDING);
      const how = folder.read(LAST_COMMAND);
      if (recording === null || how === null) return null;
      const { command, target, options } = parsed(lastCommand, how, LAST_COMMAND);
      const report = reportOf(recording, LAST_RECORDING);
      return { report, argv: [command, ...options, "--", target] };
    },
    forget: async () => {
      for (const name of [LAST_RECORDING, LAST_COMMAND]) folder.remove(name);
    },
    journal: async () => {
      const text = folder.read(JOURNAL);
      return text === null ? EMPTY_JOURNAL : parsed(journal, text, JOURNAL);
    },
    write: async (next) => {
      if (next.entries.length === 0) folder.remove(JOURNAL);
      else folder.write(JOURNAL, `${JSON.stringify(next)}\n`);
    },
    backUp: async (path, bytes) =>
      folder.write(`backup/${path.slice(1).replaceAll("/", "-")}`, bytes),
  };
}

function parsed<T>(schema: z.ZodType<T>, text: string, name: string): T {
  const read = schema.safeParse(jsonOf(text));
  if (read.success) return read.data;
  const message = `${name} of ~/.local/state/wsl-trace is damaged: move it away`;
  throw new TraceError("fix-state", message, { cause: read.error, exitCode: EXIT.inconclusive });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
