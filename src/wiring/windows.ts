// How Windows is queried from here, and the command that only does that.

import { openOutput, realSystem } from "../../probes/system.ts";
import { createAskHost, type WindowsAccess } from "../../probes/windows/ask-host.ts";
import { readCollector } from "../../probes/windows/script-file.ts";
import { systemClock } from "../clock.ts";
import { type HostRequest, host } from "../commands/host.ts";
import type { ExitCode } from "../errors.ts";
import { printable } from "../report/escape.ts";
import type { Wiring } from "./wiring.ts";

/** With --debug every query to Windows is shown: what was run, for how long, and its output. */
export function windowsAccess({ own, notify }: Wiring): WindowsAccess {
  const debugging = own.argv.includes("--debug");
  return {
    searchPath: own.env.PATH ?? "",
    debug: (line) => {
      if (debugging) notify(`debug: windows: ${printable(line)}`);
    },
  };
}

export function readHost(wiring: Wiring, request: HostRequest): Promise<ExitCode> {
  const { print, ending } = wiring;
  const windows = windowsAccess(wiring);
  const ask = createAskHost({ system: realSystem, clock: systemClock, windows });
  const collect = () => ask([], ending.signal);
  return host(request, { collect, readScript: readCollector, openFile: openOutput, print });
}
