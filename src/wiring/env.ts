// Runs `wsl-trace env` on this machine.

import { openOutput } from "../../probes/system.ts";
import { env } from "../commands/env.ts";
import type { EnvCommand } from "../commands/program-env.ts";
import type { ExitCode } from "../errors.ts";
import { createTracer } from "./tracing.ts";
import type { Wiring } from "./wiring.ts";

export async function readEnv(wiring: Wiring, command: EnvCommand): Promise<ExitCode> {
  const tracer = await createTracer(wiring, { ...command, caFile: null }, "env", false);
  return env(command, { trace: tracer, openFile: openOutput, print: wiring.print });
}
