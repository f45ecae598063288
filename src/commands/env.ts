// `wsl-trace env`: the chain as read, without a packet sent, and what each fact of it rests on.

import { EXIT, type ExitCode } from "../errors.ts";
import { makeEnv } from "../report/make-env.ts";
import { envText } from "../report/text-env.ts";
import type { EnvReport } from "../schema/env-report.ts";
import type { ProbeEvent } from "../schema/event.ts";
import type { RunOptions, Target } from "../schema/events/run.ts";
import { indentedJson } from "../schema/recording-lines.ts";
import { openBoard } from "./board.ts";
import { openOutputs } from "./outputs.ts";
import type { PathDeps } from "./path-request.ts";
import type { Redaction } from "./readers.ts";
import { createRecorder } from "./recorder.ts";

export interface EnvRequest {
  /** An address whose path is explained; a stand-in for any when none was given. */
  readonly target: Target;
  readonly options: RunOptions;
  readonly json: boolean;
  readonly recordFile: string | null;
  /** Of its JSON. */
  readonly redaction: Redaction;
}

export type EnvDeps = Pick<PathDeps, "trace" | "openFile" | "print" | "show">;

/** Exit code 0 when this machine could be read, 3 when not even that. */
export async function env(request: EnvRequest, deps: EnvDeps): Promise<ExitCode> {
  const outputs = openOutputs({ ...request, reportFile: null }, deps.openFile);
  const { events, keep } = createRecorder(outputs.record);
  try {
    await read(request, keep, deps);
  } catch (error) {
    outputs.leave();
    throw error;
  }
  const report = makeEnv(events);
  deps.print(request.json ? await jsonOf(events, request.redaction) : envText(report));
  outputs.close();
  return report.vantage === null ? EXIT.inconclusive : EXIT.healthy;
}

/** Everything that is read, and nothing is sent. */
export async function read(
  { target, options }: EnvRequest,
  keep: (event: ProbeEvent) => void,
  { trace, show }: Pick<EnvDeps, "trace" | "show">,
): Promise<void> {
  const board = openBoard([target], { show });
  try {
    for await (const snapshot of trace(target, options, keep)) board.show(target, snapshot);
  } catch (error) {
    await board.end(error);
    throw error;
  }
  await board.end();
}

async function jsonOf(events: readonly ProbeEvent[], redaction: Redaction): Promise<string> {
  return indentedJson(await shareableEnv(events, redaction));
}

/** Made anew from the redacted events, as a report is. */
export async function shareableEnv(
  events: readonly ProbeEvent[],
  { applied, target }: Redaction,
): Promise<EnvReport> {
  if (!applied) return { ...makeEnv(events), redaction: { applied, replaced: [] } };
  const { redactEvents } = await import("../report/redact/redact.ts");
  const { events: redacted, replaced } = redactEvents(events, { target });
  return { ...makeEnv(redacted), redaction: { applied, replaced } };
}
