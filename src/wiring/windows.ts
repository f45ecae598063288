// The command that only queries Windows.

import { openOutput } from "../../probes/output-file.ts";
import { realSystem } from "../../probes/system.ts";
import { createAskHost } from "../../probes/windows/ask-host.ts";
import { readCollector } from "../../probes/windows/script-file.ts";
import { systemClock } from "../clock.ts";
import { type HostRequest, host } from "../commands/host.ts";
import type { ExitCode } from "../errors.ts";
import { windowsAccess } from "./windows-access.ts";
import type { Wiring } from "./wiring.ts";

export function readHost(wiring: Wiring, request: HostRequest): Promise<ExitCode> {
  const { print, ending } = wiring;
  const windows = windowsAccess(wiring);
  const ask = createAskHost({ system: realSystem, clock: systemClock, windows });
  const collect = () => ask([], ending.signal);
  return host(request, { collect, readScript: readCollector, openFile: openOutput, print });
}
