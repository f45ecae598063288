// Runs `ip` without a shell, or says why it would not.

import { EXIT, TraceError } from "../../src/errors.ts";
import type { System } from "../system.ts";

/** @throws TraceError with what `ip` said */
export async function runIp(system: System, args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await system.run("ip", args);
  if (exitCode === 0) return stdout;
  throw new TraceError("fix-command", `ip ${args.join(" ")}: ${stderr.trim()}`, {
    exitCode: EXIT.inconclusive,
  });
}
