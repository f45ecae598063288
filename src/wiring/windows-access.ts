// How Windows is queried from here.

import type { WindowsAccess } from "../../probes/windows/ask-host.ts";
import { printable } from "../report/escape.ts";

/** What of a process the access needs. */
export interface AccessHost {
  readonly own: Pick<NodeJS.Process, "argv" | "env">;
  notify(line: string): void;
}

/** With --debug every query to Windows is shown: what was run, for how long, and its output. */
export function windowsAccess({ own, notify }: AccessHost): WindowsAccess {
  const debugging = own.argv.includes("--debug");
  return {
    searchPath: own.env.PATH ?? "",
    debug: (line) => {
      if (debugging) notify(`debug: windows: ${printable(line)}`);
    },
  };
}
