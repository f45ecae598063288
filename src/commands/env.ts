// `wsl-trace env`: the chain as read, without a packet sent, and what each fact of it rests on.

import { EXIT, type ExitCode } from "../errors.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { makeEnv } from "../report/make-env.ts";
import { envText } from "../report/text-env.ts";
import type { RunOptions, Target } from "../schema/events/run.ts";
import type { PathDeps } from "./path-request.ts";
import { createRecorder } from "./recorder.ts";
import type { Sink } from "./sink.ts";

export interface EnvRequest {
  /** An address whose path is explained; a stand-in for any when none was given. */
  readonly target: Target;
  readonly options: RunOptions;
  readonly json: boolean;
  readonly recordFile: string | null;
}

export type EnvDeps = Pick<PathDeps, "trace" | "openFile" | "print">;

/** Exit code 0 when this machine could be read, 3 when not even that. */
export async function env(request: EnvRequest, deps: EnvDeps): Promise<ExitCode> {
  const { recordFile } = request;
  const sink: Sink | null = recordFile === null ? null : deps.openFile(recordFile);
  const { events, keep } = createRecorder(sink);
  try {
    await drained(deps.trace(request.target, request.options, keep));
  } finally {
    sink?.close();
  }
  const report = makeEnv(events);
  deps.print(request.json ? `${JSON.stringify(report, null, 2)}\n` : envText(report));
  return report.vantage === null ? EXIT.inconclusive : EXIT.healthy;
}

async function drained(snapshots: AsyncIterable<Snapshot>): Promise<void> {
  for await (const _ of snapshots);
}
