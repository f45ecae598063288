// A trace in a lab's network where system calls are refused, and what came of it.

import { execa } from "execa";
import type { Lab } from "../../../probes/lab/src/lab.ts";
import { type Report, report } from "../../../src/schema/report.ts";
import { AS_USER, commandLine } from "../../matrix/live.ts";
import { type Restriction, restricted } from "./restricted.ts";

/** Beyond the limit of the run itself (src/run-limit.ts): it ended nothing. */
const LIMIT_MS = 120_000;

export interface RestrictedTrace {
  readonly user: "root" | "user";
  readonly restrictions: readonly Restriction[];
  /** Of all refused calls, in place of the usual one of each. */
  readonly errno?: number;
  readonly options?: readonly string[];
}

export interface RestrictedRun {
  /** Null where none was printed. */
  readonly report: Report | null;
  readonly exitCode: number | undefined;
  readonly stderr: string;
}

/** What an earlier run has left in caches is forgotten first. */
export async function traceRestricted(
  lab: Lab,
  { user, restrictions, errno, options = [] }: RestrictedTrace,
): Promise<RestrictedRun> {
  await lab.flushCaches();
  await lab.prepare();
  const tool = [...commandLine(lab, user), ...options];
  const argv = restricted(restrictions, user === "user" ? AS_USER : [], tool, errno);
  const { file, args } = lab.vantage.command(argv);
  const run = await execa(file, args, {
    stdin: "ignore",
    reject: false,
    timeout: LIMIT_MS,
    killSignal: "SIGKILL",
  });
  const printed = run.stdout === "" ? null : report.parse(JSON.parse(run.stdout));
  return { report: printed, exitCode: run.exitCode, stderr: run.stderr };
}
