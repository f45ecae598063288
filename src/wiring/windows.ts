// The command that only queries Windows.

import { networkInterfaces } from "node:os";
import { openOutput } from "../../probes/output-file.ts";
import { realSystem } from "../../probes/system.ts";
import { createAskHost } from "../../probes/windows/ask-host.ts";
import { collectElevated } from "../../probes/windows/elevated-snapshot.ts";
import { createRunBounded } from "../../probes/windows/run-bounded.ts";
import { readCollector, readElevatedPart } from "../../probes/windows/script-file.ts";
import { systemClock } from "../clock.ts";
import { type HostRequest, host } from "../commands/host.ts";
import type { ExitCode } from "../errors.ts";
import { windowsAccess } from "./windows-access.ts";
import type { Wiring } from "./wiring.ts";

export function readHost(wiring: Wiring, request: HostRequest): Promise<ExitCode> {
  const { print, ending, notify } = wiring;
  const windows = windowsAccess(wiring);
  const ask = createAskHost({ system: realSystem, clock: systemClock, windows });
  const collect = (elevated: boolean) => {
    if (!elevated) return ask([], ending.signal);
    const deps = {
      ...{ system: realSystem, run: createRunBounded(systemClock), ...windows },
      ...{ readScript: readCollector, readElevatedPart, guests: ownAddresses() },
      announce: () => notify(PROMPT_COMES),
    };
    return collectElevated(deps, ending.signal);
  };
  return host(request, { collect, readScript: readCollector, openFile: openOutput, print });
}

const PROMPT_COMES =
  "Windows asks for an administrator now: its prompt may be behind other windows. Once you have agreed, do in another terminal what fails.";

function ownAddresses(): readonly string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.flatMap(({ address, family, internal }) =>
    family === "IPv4" && !internal ? [address] : [],
  );
}
