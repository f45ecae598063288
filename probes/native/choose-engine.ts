// The engine of --engine, or the reason why it cannot be used here.

import { EXIT, TraceError, UnsupportedProbeError } from "../../src/errors.ts";
import type { Engine } from "../../src/schema/events/run.ts";
import {
  checkedRawSockets,
  koffiEngine,
  type ProbeEngine,
  type RawEngineDeps,
  rawEngine,
} from "./engine.ts";

/** @throws TraceError where raw packets were requested and cannot be sent */
export async function chooseEngine(
  name: Engine,
  deps: Omit<RawEngineDeps, "sockets">,
): Promise<ProbeEngine> {
  if (name === "koffi") return koffiEngine(deps);
  try {
    return rawEngine({ ...deps, sockets: await checkedRawSockets() });
  } catch (error) {
    if (!(error instanceof UnsupportedProbeError)) throw error;
    throw unusable(error);
  }
}

function unusable(error: UnsupportedProbeError): TraceError {
  const isPrivilege = error.requires.startsWith("CAP_NET_RAW");
  const remedy = isPrivilege
    ? "run it with sudo, or leave --engine out: the default engine needs no privilege"
    : "install it with a C++ compiler at hand (npm install), or leave --engine out";
  const message = `--engine raw-socket cannot be used here, because it needs ${error.requires}: ${remedy}`;
  return new TraceError("engine-unusable", message, { cause: error, exitCode: EXIT.inconclusive });
}
